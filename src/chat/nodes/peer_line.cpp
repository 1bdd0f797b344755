#include "chat/nodes/peer_line.h"

#include <algorithm>
#include <utility>

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
  expected_ = std::max(expected_, number);
  if (number > heard_) whole_ = false;
}

PeerLine::Standing PeerLine::stand(std::uint64_t number) {
  Standing standing;
  std::uint64_t next = heard_ + 1;
  auto waiting = std::exchange(waiting_, {});
  heard_ = std::max(heard_, number);
  whole_ = true;
  for (Envelope& envelope : waiting) {
    if (envelope.number > number) {
      for (json::array& facts : hear(std::move(envelope))) standing.after.push_back(std::move(facts));
    } else if (envelope.number >= next) {
      standing.lost |= envelope.number != next;
      next = envelope.number + 1;
      standing.before.push_back(std::move(envelope.facts));
    }
  }
  standing.lost |= next <= number;
  whole_ &= heard_ >= expected_;
  return standing;
}

}  // namespace atrium::chat
