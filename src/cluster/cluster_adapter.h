#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/bus.h"
#include "cluster/followed_rooms.h"
#include "cluster/lost_clients.h"
#include "cluster/pending_requests.h"
#include "socketio/local_adapter.h"
#include "socketio/namespace_core.h"

namespace atrium::cluster {

/// The adapter of one namespace on one of several nodes. Local first: what is said reaches the sockets of this process before
/// the bus is asked, and whatever becomes of the bus. Questions are answered by this process and by those nodes that answer in
/// time.
class ClusterAdapter final : public socketio::Adapter, public std::enable_shared_from_this<ClusterAdapter> {
 public:
  template <class T>
  using Callback = socketio::Adapter::Callback<T>;

  struct Options {
    Duration patience;  ///< for the answers of other nodes, where the asker does not say
    bool recovery;      ///< clients that were lost on other nodes are recovered
  };
  static std::shared_ptr<ClusterAdapter> make(std::shared_ptr<Bus> bus, const std::shared_ptr<socketio::NamespaceCore>& core,
                                              std::shared_ptr<socketio::LocalAdapter> local, const Options& options);

  void broadcast(const socketio::Audience& audience, socketio::Broadcast broadcast) override;
  void ask(const socketio::Audience& audience, socketio::Broadcast broadcast, std::uint64_t ack_id, Duration timeout,
           Callback<socketio::AckAnswers> done) override;
  void sockets_join(const socketio::Audience& audience, std::vector<std::string> rooms) override;
  void sockets_leave(const socketio::Audience& audience, std::vector<std::string> rooms) override;
  void disconnect_sockets(const socketio::Audience& audience, socketio::Close close) override;
  void fetch_sockets(const socketio::Audience& audience, socketio::Detail detail,
                     Callback<std::vector<socketio::SocketInfo>> done) override;
  void count_sockets(const socketio::Audience& audience, Callback<std::size_t> done) override;
  void server_side_emit(json::array event, Callback<std::vector<json::value>> done) override;
  socketio::RoomIndex& rooms(const net::Shard& shard) override { return local_->rooms(shard); }
  std::shared_ptr<const void> hold(const std::vector<std::string>& rooms) override;
  void watch(socketio::RoomEvents& events) override;

 private:
  using Core = std::shared_ptr<socketio::NamespaceCore>;

  ClusterAdapter(std::shared_ptr<Bus> bus, const Core& core, std::shared_ptr<socketio::LocalAdapter> local, Duration patience);

  template <class What>
  void say(What what);
  template <class What>
  void answer(const std::string& to, const std::string& request, What what) const;
  /// Asks the others on the bus's shard: `take` gets each answer and the number of nodes that are to give one; `end` is told
  /// how many nodes there were, none when nobody can tell, in which case nothing was asked.
  template <class What, class Take, class End>
  void ask_others(What what, Duration patience, Take take, End end);
  net::Shard& asker() const;
  void look_for_lost_clients(const Core& core);

  void on_message(NodeMessage message);
  void obey(const Core& core, const NodeMessage& from, say::Event& said);
  void obey(const Core&, const NodeMessage&, say::JoinRooms& order);
  void obey(const Core&, const NodeMessage&, say::LeaveRooms& order);
  void obey(const Core&, const NodeMessage&, say::Disconnect& order);
  void obey(const Core&, const NodeMessage& from, say::FetchSockets& question);
  void obey(const Core&, const NodeMessage& from, say::CountSockets& question);
  void obey(const Core&, const NodeMessage& from, say::ListRooms&);
  void obey(const Core&, const NodeMessage& from, say::ListSockets& question);
  void obey(const Core& core, const NodeMessage& from, say::ServerEvent& said);
  void ask_for(const NodeMessage& from, const socketio::Audience& audience, socketio::Broadcast broadcast, std::uint64_t ack_id,
               Duration timeout);

  const std::shared_ptr<Bus> bus_;
  const std::string nsp_;
  const std::weak_ptr<socketio::NamespaceCore> core_;
  const std::shared_ptr<socketio::LocalAdapter> local_;
  const Duration patience_;
  // The bus's shard alone.
  PendingRequests pending_;
  FollowedRooms followed_;
  std::shared_ptr<LostClients> lost_;  ///< null: they are not looked for
};

}  // namespace atrium::cluster
