#include "socketio/ack_table.h"

#include "base/log.h"

namespace atrium::socketio {

std::string_view to_string(AckError error) {
  switch (error) {
    case AckError::timeout:
      return "operation has timed out";
    case AckError::disconnected:
      return "socket has been disconnected";
    case AckError::too_many_open:
      return "too many acknowledgements are outstanding";
  }
  return "unknown";
}

bool AckTable::add(std::uint64_t id, AckCallback& callback, Duration timeout) {
  if (open_.size() >= kMaxOpen) return false;
  auto question = std::make_unique<Question>(std::move(callback), [this, id] { settle(id, AckError::timeout); });
  if (timeout > Duration::zero()) deadlines_.arm(question->timeout, timeout);
  open_.emplace(id, std::move(question));
  return true;
}

void AckTable::answer(std::uint64_t id, AckAnswer answer) { settle(id, std::move(answer)); }

void AckTable::close() {
  while (!open_.empty()) settle(open_.begin()->first, AckError::disconnected);
}

void AckTable::settle(std::uint64_t id, AckResult result) {
  const auto node = open_.extract(id);
  if (node.empty()) return;
  try {
    node.mapped()->callback(std::move(result));
  } catch (const std::exception& error) {
    log::error("what waited for an acknowledgement failed: {}", error.what());
  }
}

}  // namespace atrium::socketio
