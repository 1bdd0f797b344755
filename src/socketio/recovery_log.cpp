#include "socketio/recovery_log.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace atrium::socketio {

namespace {

using Rooms = std::unordered_set<std::string_view>;

/// So far behind the others a server of a cluster may be.
constexpr Duration kBehind = std::chrono::seconds(5);

}  // namespace

std::size_t RecoveryLog::weight(const Entry& entry) {
  return sizeof(Entry) + sizeof(Position) + (entry.message ? entry.message->websocket_frames().size() : 0);
}

RecoveryLog::Position RecoveryLog::append(const Offset& offset, std::shared_ptr<const Audience> audience,
                                          engineio::SharedMessagePtr message, TimePoint now, std::optional<Episode> episode) {
  const Position position = end();
  entries_.push_back({offset, now, std::move(audience), std::move(message), episode});
  if (offset.origin >= origins_.size()) {
    origins_.resize(offset.origin + 1);
    seen_.resize(offset.origin + 1);
  }
  Origin& origin = origins_[offset.origin];
  origin.places.push_back(position);
  seen_[offset.origin] = offset.number;
  octets_ += weight(entries_.back());
  while (octets_ > limits_.max_octets && entries_.size() > 1) drop_oldest();
  expire(now);
  return position;
}

void RecoveryLog::expire(TimePoint now) {
  while (!entries_.empty() && now - entries_.front().time > limits_.max_age) drop_oldest();
}

void RecoveryLog::drop_oldest() {
  const auto& [origin, number] = entries_.front().offset;
  octets_ -= weight(entries_.front());
  origins_[origin].places.pop_front();
  origins_[origin].dropped = number;
  dropped_at_ = entries_.front().time;
  entries_.pop_front();
  ++begin_;
}

std::optional<RecoveryLog::Position> RecoveryLog::after(const Offset& offset) const {
  if (offset.origin >= origins_.size() || offset.number > seen_[offset.origin]) return std::nullopt;
  const auto& places = origins_[offset.origin].places;
  const auto found =
      std::lower_bound(places.begin(), places.end(), offset.number,
                       [this](Position place, std::uint64_t number) { return at(place).offset.number < number; });
  if (found != places.end() && at(*found).offset.number == offset.number) return *found + 1;
  if (found == places.begin()) return 0;
  return std::nullopt;
}

std::vector<RecoveryLog::Item> RecoveryLog::collect(Position from, const std::vector<std::string>& rooms) const {
  const Rooms set(rooms.begin(), rooms.end());
  std::vector<Item> items;
  for (Position i = std::max(from, begin_); i < end(); ++i) {
    const Entry& entry = at(i);
    if (entry.message && is_meant(*entry.audience, set)) {
      items.push_back({entry.offset, entry.message, entry.audience, entry.episode});
    }
  }
  return items;
}

std::optional<std::vector<RecoveryLog::Item>> RecoveryLog::collect_unseen(const Seen& seen,
                                                                          const std::vector<std::string>& rooms) const {
  for (std::uint32_t origin = 0; origin < origins_.size(); ++origin) {
    if (!is_whisper(origin) && origins_[origin].dropped > last_of(seen, origin)) return std::nullopt;
  }
  return collect_after(seen, rooms);
}

std::optional<std::vector<RecoveryLog::Item>> RecoveryLog::collect_unheard(const Seen& seen,
                                                                           const std::vector<std::string>& rooms,
                                                                           TimePoint now) const {
  if (dropped_at_ > now - std::min(kBehind, limits_.max_age)) return std::nullopt;
  auto items = collect_after(seen, rooms);
  std::erase_if(items, [](const Item& item) { return item.audience->local; });
  return items;
}

std::vector<RecoveryLog::Item> RecoveryLog::collect_after(const Seen& seen, const std::vector<std::string>& rooms) const {
  // Mostly nothing, and never far from the end: others are at most a few posts behind.
  Position from = end();
  for (std::uint32_t origin = 0; origin < origins_.size(); ++origin) {
    if (is_whisper(origin)) continue;
    const std::uint64_t last = last_of(seen, origin);
    const auto& places = origins_[origin].places;
    for (auto place = places.rbegin(); place != places.rend() && at(*place).offset.number > last; ++place) {
      from = std::min(from, *place);
    }
  }
  std::vector<Item> items = collect(from, rooms);
  std::erase_if(items, [&](const Item& item) {
    return is_whisper(item.offset.origin) || item.offset.number <= last_of(seen, item.offset.origin);
  });
  return items;
}

void RecoveryLog::settle(std::vector<Item>& items) {
  using Part = Episode::Part;
  struct Told {
    std::optional<std::size_t> turn;  ///< the item that tells of the last beginning or end, unless that was undone
    std::vector<std::size_t> changes;
  };
  std::unordered_map<std::uint64_t, Told> told;
  std::vector<bool> useless(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].episode) continue;
    const auto [id, part, spares] = *items[i].episode;
    auto& [last, changes] = told[id];
    if (part == Part::change || part == Part::again) {
      changes.push_back(i);
      continue;
    }
    if (part == Part::end) {
      for (const std::size_t change : std::exchange(changes, {})) useless[change] = true;
    }
    if (last && items[*last].episode->part != part) {
      useless[*last] = useless[i] = true;
      last.reset();
    } else {
      last = i;
    }
  }
  std::size_t at = 0;
  std::erase_if(items, [&](const Item&) { return useless[at++]; });
}

void RecoveryLog::keep_for(const std::vector<std::string>& rooms, std::vector<Item>& items) {
  const Rooms set(rooms.begin(), rooms.end());
  std::erase_if(items, [&](const Item& item) { return item.audience && !is_meant(*item.audience, set); });
}

}  // namespace atrium::socketio
