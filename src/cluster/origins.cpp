#include "cluster/origins.h"

#include "cluster/wire_parts.h"

namespace atrium::cluster {

using socketio::Offset;
using socketio::RecoveryLog;

Offset Origins::heard(const std::string& from, const std::optional<Offset>& place) {
  const std::uint32_t origin = place ? origin_of(from, place->origin) : unnumbered();
  if (origin >= last_.size()) last_.resize(origin + 1);
  // Whose numbers do not grow has none.
  if (origin != unnumbered() && place->number > last_[origin]) return {origin, last_[origin] = place->number};
  return {unnumbered(), ++last_[unnumbered()]};
}

json::array Origins::tell(const RecoveryLog::Seen& seen) const {
  json::array told;
  for (std::uint32_t origin = 0; origin < seen.size(); ++origin) {
    const bool is_own = origin < unnumbered();
    const bool is_whisper = is_own && origin % 2 != 0;
    if (seen[origin] == 0 || is_whisper || origin == unnumbered()) continue;
    const auto& [node, theirs] = is_own ? Name(own_, origin) : names_[origin - RecoveryLog::first_foreign(shards_)];
    told.push_back(json::array{json::string(node), json::string(to_string(Offset{theirs, seen[origin]}))});
  }
  return told;
}

RecoveryLog::Seen Origins::understand(const json::value& told) {
  RecoveryLog::Seen seen(last_.size());
  if (!told.is_array()) return seen;
  for (const json::value& each : told.get_array()) {
    const auto parts = texts_of(&each);
    const auto place = parts.size() == 2 ? socketio::parse_offset(parts[1]) : std::nullopt;
    const std::uint32_t origin = place ? origin_of(parts[0], place->origin) : unnumbered();
    if (origin == unnumbered()) continue;
    if (origin >= seen.size()) seen.resize(origin + 1);
    seen[origin] = std::max(seen[origin], place->number);
  }
  return seen;
}

std::uint32_t Origins::origin_of(const std::string& node, std::uint32_t theirs) {
  if (node == own_ && theirs != say::kBusOrigin) return theirs < unnumbered() ? theirs : unnumbered();
  const Name name(theirs == say::kBusOrigin ? std::string() : node, theirs);
  const auto found = origins_.find(name);
  if (found != origins_.end()) return found->second;
  if (names_.size() >= kMax) return unnumbered();
  names_.push_back(name);
  return origins_[name] = static_cast<std::uint32_t>(RecoveryLog::unnumbered(shards_) + names_.size());
}

}  // namespace atrium::cluster
