#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/bus.h"

namespace atrium::test {

/// A bus between nodes of one process.
class MemoryBus final : public cluster::Bus {
 public:
  enum class Manner {
    ours,
    official,  ///< tells everything about its sockets, whatever is asked
    deaf,      ///< counts, and does not answer
  };

  /// All that hear each other.
  struct Hub {
    std::mutex mutex;
    std::vector<MemoryBus*> nodes;             ///< guarded by mutex
    std::vector<cluster::NodeAnswer> answers;  ///< all that were given; guarded by mutex
  };

  MemoryBus(std::shared_ptr<Hub> hub, net::Shard& shard, std::string id, Manner manner = Manner::ours)
      : hub_(std::move(hub)), shard_(shard), id_(std::move(id)), manner_(manner) {
    const std::lock_guard lock(hub_->mutex);
    hub_->nodes.push_back(this);
  }

  /// Any thread: from now on what it says and answers is lost, or is not. It hears all the same.
  void mute(bool mute) { mute_ = mute; }

  net::Shard& shard() override { return shard_; }
  const std::string& id() const override { return id_; }
  std::string new_request() override {
    const std::lock_guard lock(hub_->mutex);
    return id_ + std::to_string(++requests_);
  }
  void say(const std::string& nsp, const cluster::NodeMessage& message) override {
    to_others([&](MemoryBus& node) {
      node.shard_.post([&node, nsp, message] {
        if (node.manner_ != Manner::deaf && node.ears_.contains(nsp)) node.ears_[nsp].message(node.heard(message));
      });
    });
  }
  void answer(const std::string& nsp, const std::string& to, const cluster::NodeAnswer& answer) override {
    {
      const std::lock_guard lock(hub_->mutex);
      hub_->answers.push_back(answer);
    }
    to_others([&](MemoryBus& node) {
      if (node.id_ != to) return;
      node.shard_.post([&node, nsp, answer] {
        if (node.ears_.contains(nsp)) node.ears_[nsp].answer(answer);
      });
    });
  }
  void enter(const std::string& nsp, Ears ears) override { ears_[nsp] = std::move(ears); }
  void count_others(const std::string&, UniqueFunction<void(std::optional<std::size_t>)> told) override {
    told(count_others());
  }

 private:
  std::size_t count_others() {
    const std::lock_guard lock(hub_->mutex);
    return hub_->nodes.size() - 1;
  }
  cluster::NodeMessage heard(cluster::NodeMessage message) const {
    if (manner_ != Manner::official) return message;
    if (auto* fetch = std::get_if<cluster::say::FetchSockets>(&message.what)) fetch->detail = socketio::Detail::with_handshake;
    if (auto* count = std::get_if<cluster::say::CountSockets>(&message.what)) {
      message.what = cluster::say::FetchSockets{std::move(count->who)};
    }
    return message;
  }
  template <class Action>
  void to_others(Action action) {
    if (mute_) return;
    const std::lock_guard lock(hub_->mutex);
    for (MemoryBus* node : hub_->nodes) {
      if (node != this) action(*node);
    }
  }

  const std::shared_ptr<Hub> hub_;
  net::Shard& shard_;
  const std::string id_;
  const Manner manner_;
  std::atomic<bool> mute_ = false;
  std::size_t requests_ = 0;          ///< guarded by the hub's mutex
  std::map<std::string, Ears> ears_;  ///< the shard's alone
};

}  // namespace atrium::test
