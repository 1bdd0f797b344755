#pragma once

#include "chat/http_problems.h"
#include "chat/nodes/peers.h"
#include "chat/operations/debug_gate.h"
#include "web/controller.h"

namespace atrium::chat {

namespace shapes {

struct Node {
  std::string id;
  std::string name;  ///< host and process id
  bool self;         ///< the one that answers
  std::uint64_t uptimeSeconds;
  std::uint64_t users;
  std::uint64_t sockets;
  double cores;                        ///< that it used in the last seconds, on average
  Nullable<std::uint64_t> heardAgoMs;  ///< null: itself
};
BOOST_DESCRIBE_STRUCT(Node, (), (id, name, self, uptimeSeconds, users, sockets, cores, heardAgoMs))

}  // namespace shapes

/// The nodes of the cluster as this one knows them; only with --debug-secret.
class NodeRoutes final : public web::Controller<NodeRoutes, DebugGate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/_debug/nodes", &NodeRoutes::list>.with({.summary = "The nodes of the cluster, and how busy they are"})};
  }

  /// `shard`: the first, where the nodes are known.
  NodeRoutes(const DebugGate& gate, const Peers& peers, net::Shard& shard) : Controller(gate), peers_(peers), shard_(shard) {}

 private:
  Task<web::Ok<std::vector<shapes::Node>>> list(const Operator& who) const;

  const Peers& peers_;
  net::Shard& shard_;
};

}  // namespace atrium::chat
