#include "chat/nodes/peer_line.h"

namespace atrium::chat {

std::vector<json::array> PeerLine::hear(Envelope envelope) {
  std::vector<json::array> now;
  if (whole_ && envelope.number <= heard_) return now;
  if (whole_ && envelope.number == heard_ + 1) {
    heard_ = envelope.number;
    now.push_back(std::move(envelope.facts));
    return now;
  }
  whole_ = false;
  // The oldest go first: how things stand will be asked for again if they are missed.
  if (waiting_.size() == kWaiting) waiting_.pop_front();
  waiting_.push_back(std::move(envelope));
  return now;
}

void PeerLine::expect(std::uint64_t number) {
  if (number > heard_) whole_ = false;
}

std::vector<json::array> PeerLine::stand(std::uint64_t number) {
  std::vector<json::array> now;
  heard_ = number;
  whole_ = true;
  auto waiting = std::move(waiting_);
  waiting_.clear();
  for (Envelope& envelope : waiting) {
    for (json::array& facts : hear(std::move(envelope))) now.push_back(std::move(facts));
  }
  return now;
}

}  // namespace atrium::chat
