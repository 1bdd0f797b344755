#include "socketio/ack_table.h"

#include "base/log.h"

namespace atrium::socketio {

std::string_view to_string(AckError error) {
  return error == AckError::timeout ? "operation has timed out" : "socket has been disconnected";
}

std::optional<std::uint64_t> AckTable::add(AckCallback callback, Duration timeout) {
  if (open_.size() >= kMaxOpen) {
    callback(AckError::timeout);
    return std::nullopt;
  }
  const std::uint64_t id = next_id_++;
  auto question = std::make_unique<Question>(std::move(callback), [this, id] { settle(id, AckError::timeout); });
  deadlines_.arm(question->timeout, timeout);
  open_.emplace(id, std::move(question));
  return id;
}

void AckTable::answer(std::uint64_t id, AckAnswer answer) { settle(id, std::move(answer)); }

void AckTable::close() {
  while (!open_.empty()) settle(open_.begin()->first, AckError::disconnected);
}

void AckTable::settle(std::uint64_t id, Result<AckAnswer, AckError> result) {
  const auto node = open_.extract(id);
  if (node.empty()) return;
  try {
    node.mapped()->callback(std::move(result));
  } catch (const std::exception& error) {
    log::error("what waited for an acknowledgement failed: {}", error.what());
  }
}

}  // namespace atrium::socketio
