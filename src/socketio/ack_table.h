#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "net/deadline_queue.h"
#include "socketio/ack_answer.h"

namespace atrium::socketio {

/// The acknowledgements that one socket waits for. On its shard; bounded, because a client may never answer.
class AckTable final {
 public:
  explicit AckTable(net::DeadlineQueue& deadlines) : deadlines_(deadlines) {}

  /// False when too many questions are open already. Else `callback` is called exactly once; a timeout of zero is none.
  bool add(std::uint64_t id, AckCallback& callback, Duration timeout);
  /// An answer; one to no question is ignored.
  void answer(std::uint64_t id, AckAnswer answer);
  /// The socket has gone: every question ends unanswered.
  void close();

  static constexpr std::size_t kMaxOpen = 10'000;

 private:
  struct Question {
    Question(AckCallback asked, UniqueFunction<void()> on_timeout)
        : callback(std::move(asked)), timeout(std::move(on_timeout)) {}
    AckCallback callback;
    net::Deadline timeout;
  };
  void settle(std::uint64_t id, AckResult result);

  net::DeadlineQueue& deadlines_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Question>> open_;
};

}  // namespace atrium::socketio
