#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/result.h"
#include "net/deadline_queue.h"
#include "socketio/packet.h"

namespace atrium::socketio {

enum class AckError { timeout, disconnected };
std::string_view to_string(AckError error);

/// What the client answered: the arguments of its acknowledgement, octets beside them.
struct AckAnswer {
  json::array args;
  std::vector<Bytes> attachments;
};
using AckCallback = std::function<void(Result<AckAnswer, AckError>)>;

/// The acknowledgements that one socket waits for. On its shard; bounded, because a client may never answer.
class AckTable final {
 public:
  explicit AckTable(net::DeadlineQueue& deadlines) : deadlines_(deadlines) {}

  /// The id to ask with; none when too many questions are open already. `callback` is called exactly once.
  std::optional<std::uint64_t> add(AckCallback callback, Duration timeout);
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
  void settle(std::uint64_t id, Result<AckAnswer, AckError> result);

  net::DeadlineQueue& deadlines_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Question>> open_;
  std::uint64_t next_id_ = 0;
};

}  // namespace atrium::socketio
