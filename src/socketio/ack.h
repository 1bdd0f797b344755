#pragma once

#include <cstdint>
#include <memory>

#include "socketio/outgoing.h"

namespace atrium::socketio {

class Socket;

/// The acknowledgement that a client asked for with an event. A handle: copies answer the same question, the first answer
/// counts. Any shard; keeps its socket alive until the last copy is gone.
class Ack final {
 public:
  Ack() = default;
  Ack(std::shared_ptr<Socket> socket, std::uint64_t id);

  /// Whether the client asked for one. Calling an empty one does nothing.
  explicit operator bool() const { return question_ != nullptr; }

  template <class... Args>
  void operator()(const Args&... args) const {
    if (question_) reply(Outgoing::of(args...));
  }
  void reply(Outgoing arguments) const;

 private:
  struct Question;
  std::shared_ptr<Question> question_;
};

}  // namespace atrium::socketio
