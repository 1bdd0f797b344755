#include "socketio/ack.h"

#include <atomic>

#include "socketio/socket.h"

namespace atrium::socketio {

struct Ack::Question {
  Question(std::shared_ptr<Socket> asker, std::uint64_t ack_id) : socket(std::move(asker)), id(ack_id) {}
  std::shared_ptr<Socket> socket;
  std::uint64_t id;
  std::atomic<bool> answered = false;
};

Ack::Ack(std::shared_ptr<Socket> socket, std::uint64_t id) : question_(std::make_shared<Question>(std::move(socket), id)) {}

void Ack::reply(Outgoing arguments) const {
  if (!question_ || question_->answered.exchange(true)) return;
  question_->socket->shard().dispatch([question = question_, arguments = std::move(arguments)]() mutable {
    question->socket->answer(question->id, std::move(arguments));
  });
}

}  // namespace atrium::socketio
