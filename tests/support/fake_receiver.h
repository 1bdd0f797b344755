#pragma once

#include <functional>
#include <string>
#include <utility>

#include "socketio/room_index.h"
#include "tests/support/event_queue.h"

namespace atrium::test {

/// A member of rooms that is no socket: it writes down what reaches it. On the shard of its index.
class FakeReceiver final : public socketio::Receiver {
 public:
  /// Enters `index`, and writes "id: what" into `events`.
  FakeReceiver(std::string name, socketio::RoomIndex& index, EventQueue& events)
      : id_(std::move(name)), index_(index), events_(events) {
    index_.add(member);
  }
  ~FakeReceiver() override { go(); }

  const std::string& id() const override { return id_; }
  void deliver(const socketio::Broadcast& broadcast, std::uint64_t) override {
    events_.push(id_ + ": " + std::string(broadcast.message->polling_payload()) + (broadcast.may_drop ? " (volatile)" : ""));
  }
  /// Keeps the question: see answer().
  void ask(const socketio::Broadcast& broadcast, std::uint64_t, Duration, socketio::AckCallback callback) override {
    deliver(broadcast, 0);
    asked_.push_back(std::move(callback));
  }
  /// Answers the questions that were asked so far.
  void answer(const socketio::AckResult& result) {
    for (auto& callback : std::exchange(asked_, {})) callback(result);
  }
  socketio::SocketInfo describe(socketio::Detail) const override {
    return {.id = id_, .session = "of " + id_, .transport = "none", .rooms = index_.rooms_of(member), .data = {}};
  }
  void join(const std::string& room) override { index_.join(member, room); }
  void leave(const std::string& room) override { index_.leave(member, room); }
  void disconnect(socketio::Close close) override {
    events_.push(id_ + (close == socketio::Close::connection ? ": connection closed" : ": disconnected"));
    if (on_disconnect) on_disconnect();
    go();
  }

  /// Leaves the index.
  void go() {
    if (std::exchange(there_, false)) index_.remove(member);
  }

  std::function<void()> on_disconnect;
  socketio::RoomIndex::Member member{*this};

 private:
  const std::string id_;
  socketio::RoomIndex& index_;
  EventQueue& events_;
  bool there_ = true;
  std::vector<socketio::AckCallback> asked_;
};

}  // namespace atrium::test
