#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "net/shard_set.h"
#include "socketio/adapter.h"
#include "socketio/recovery.h"

namespace atrium::socketio {

/// The adapter of one process: its own shard at once, every other one by post, each walking its own index. Shared, because
/// what is posted may outlive a namespace that goes while the server runs.
class LocalAdapter final : public Adapter, public std::enable_shared_from_this<LocalAdapter> {
 public:
  /// `recovery`: null where nothing is logged.
  explicit LocalAdapter(net::ShardSet& shards, std::shared_ptr<Recovery> recovery = nullptr);

  void broadcast(const Audience& audience, Broadcast broadcast) override;
  void ask(const Audience& audience, Broadcast broadcast, std::uint64_t ack_id, Duration timeout,
           Callback<AckAnswers> done) override;
  using OnAnswer = std::function<void(AckResult)>;
  /// As ask(), but each answer at once, on the shard of whoever gives it; `asked` comes with how many there will be.
  void ask_each(const Audience& audience, Broadcast broadcast, std::uint64_t ack_id, Duration timeout,
                Callback<std::size_t> asked, OnAnswer on_answer);
  void sockets_join(const Audience& audience, std::vector<std::string> rooms) override;
  void sockets_leave(const Audience& audience, std::vector<std::string> rooms) override;
  void disconnect_sockets(const Audience& audience, Close close) override;
  void fetch_sockets(const Audience& audience, Detail detail, Callback<std::vector<SocketInfo>> done) override;
  void count_sockets(const Audience& audience, Callback<std::size_t> done) override;
  /// There is no other node: nobody answers.
  void server_side_emit(json::array event, Callback<std::vector<json::value>> done) override;
  RoomIndex& rooms(const net::Shard& shard) override { return *rooms_[shard.index()]; }

 private:
  using AudiencePtr = std::shared_ptr<const Audience>;

  /// `action(shard, rooms, audience)` on every shard.
  template <class Action>
  void on_every_shard(AudiencePtr audience, Action action);
  /// `part(shard, rooms, audience, tell)` on every shard, each of which calls `tell(T)` once, on its own thread, sooner or
  /// later; then `done(all that was told)` where this was called.
  template <class T, class Part, class Done>
  void gather(const Audience& audience, Part part, Done done);

  net::ShardSet& shards_;
  const std::shared_ptr<Recovery> recovery_;
  std::vector<std::unique_ptr<RoomIndex>> rooms_;  ///< one a shard
};

}  // namespace atrium::socketio
