#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/bus.h"
#include "cluster/origins.h"
#include "socketio/handed_over.h"
#include "socketio/namespace_core.h"

namespace atrium::cluster {

/// Connection state recovery across the nodes of one namespace: looks for the clients that come to this node and were lost on
/// another one, and gives away those that were lost here. See docs/decisions/places-on-the-bus.md.
class LostClients final : public std::enable_shared_from_this<LostClients> {
 public:
  using Found = UniqueFunction<void(std::optional<socketio::HandedOver>)>;
  using Answers = UniqueFunction<void(std::vector<json::value>)>;
  struct Cluster {
    /// Asks the servers of the other nodes, on the bus's shard; until one answers anything but null, or the time is over.
    std::function<void(json::array question, Duration patience, Answers told)> ask;
    std::function<std::shared_ptr<const void>(const std::vector<std::string>& rooms)> hold;  ///< Adapter::hold()
  };

  LostClients(std::shared_ptr<Bus> bus, const std::shared_ptr<socketio::NamespaceCore>& core, Cluster cluster);

  /// For Recovery::seek_elsewhere(); `found` comes on `shard`.
  void seek(net::Shard& shard, const std::string& pid, const std::optional<std::string>& offset, Found found);

  // On the bus's shard.
  Origins& origins() { return origins_; }
  /// Whether `event` is a question to this; then `answer` is called, once.
  bool hear(const json::array& event, const std::function<void(json::value)>& answer);
  /// `event` is a question of this node.
  void hear_echo(const json::array& event);

  static constexpr std::size_t kAtOnce = 1'000;  ///< clients that this node looks for
  /// Official nodes do not answer, so whom none of ours knows is looked for as long as this.
  static constexpr Duration kPatience = std::chrono::milliseconds(500);

 private:
  struct Search;
  using SearchPtr = std::shared_ptr<Search>;

  void begin(const SearchPtr& search);
  void look_for_left(const SearchPtr& search);
  void ask_where(const SearchPtr& search);
  void ask_for(const SearchPtr& search);
  void take(const SearchPtr& search, const LeftClient& client);
  void take(const SearchPtr& search, const json::value& client);
  void end(const SearchPtr& search, std::optional<socketio::HandedOver> client);
  /// `unnumbered`: how many events without numbers had been heard before the question.
  json::value told(socketio::Restored restored, std::uint64_t unnumbered) const;

  const std::shared_ptr<Bus> bus_;
  const std::weak_ptr<socketio::NamespaceCore> core_;
  const std::string nsp_;
  const Cluster cluster_;
  Origins origins_;
  std::multimap<std::string, std::weak_ptr<Search>> asked_;  ///< by the client; the bus's shard alone
  std::atomic<std::size_t> searches_ = 0;
};

}  // namespace atrium::cluster
