#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_function.h"
#include "cluster/left_client.h"
#include "cluster/node_message.h"
#include "net/shard.h"

namespace atrium::cluster {

/// How the nodes of a cluster hear of each other, namespace by namespace. What is heard comes on the bus's shard, in the order
/// in which one node said it. While the bus is down what is said is lost, and the node goes on by itself.
class Bus {
 public:
  virtual ~Bus() = default;

  /// What a namespace hears, as long as it is there.
  struct Ears {
    std::weak_ptr<void> owner;
    std::function<void(NodeMessage message)> message;  ///< of other nodes, never of this one
    std::function<void(NodeAnswer answer)> answer;     ///< perhaps to a question of another node
    /// This node's own question has come back: all nodes hear the same before it, unless questions_overtake().
    std::function<void(const NodeMessage& message)> echo;
  };

  // Any thread.
  virtual net::Shard& shard() = 0;
  /// This node's id, in the form that the bus wants.
  virtual const std::string& id() const = 0;
  virtual std::string new_request() = 0;
  /// To all other nodes.
  virtual void say(const std::string& nsp, const NodeMessage& message) = 0;
  /// `to`: the id of the node that asked.
  virtual void answer(const std::string& nsp, const std::string& to, const NodeAnswer& answer) = 0;

  // On its shard.
  /// From now on `ears` hear what is said in the namespace, in the place of whoever heard it before.
  virtual void enter(const std::string& nsp, Ears ears) = 0;
  /// Whether it wants to be told, by on_room(), when a first socket of this node is in a room of the namespace, and when none
  /// is.
  virtual bool follows_rooms() const { return false; }
  virtual void on_room(const std::string& /*nsp*/, const std::string& /*room*/, bool /*exists*/) {}
  /// `told` hears when what is said in the rooms that it was told of until now comes here, or that it does not.
  virtual void confirm_rooms(UniqueFunction<void(bool)> told) { told(true); }
  /// Whether a question may reach a node before what was said earlier does.
  virtual bool questions_overtake() const { return false; }
  /// Looks for a client that was lost on an official node, which has left it with the bus. `told` comes once.
  virtual void take_left(const std::string& /*nsp*/, const std::string& /*pid*/, const std::string& /*offset*/,
                         UniqueFunction<void(std::optional<LeftClient>)> told) {
    told(std::nullopt);
  }
  /// How many others there are in the namespace; none: nobody can tell.
  virtual void count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) = 0;
};

}  // namespace atrium::cluster
