#include "chat/presence/status_choice.h"

#include "base/timestamp.h"

namespace atrium::chat {

namespace {

constexpr auto kLongest = std::chrono::hours(24 * 366);

std::string_view word_of(events::StatusWord word) {
  return word == events::StatusWord::dnd ? "dnd" : word == events::StatusWord::invisible ? "invisible" : "";
}

}  // namespace

Outcome<storage::ChosenStatus> to_stored(const storage::UserId& user, const events::StatusRequest& wanted, WallTime now) {
  storage::ChosenStatus stored{.user = user, .status = std::string(word_of(wanted.status)), .until = {}};
  if (!wanted.until) return stored;
  if (stored.status.empty()) return failures::invalid("until", "goes with dnd and invisible only");
  stored.until = parse_iso8601(*wanted.until);
  if (!stored.until) return failures::invalid("until", "must be a time such as 2026-01-31T08:15:00Z");
  if (*stored.until <= now || *stored.until > now + kLongest) {
    return failures::invalid("until", "must be a time within the next 366 days");
  }
  return stored;
}

std::optional<PresenceTracker::Choice> to_choice(const storage::ChosenStatus& stored, const Clock& clock) {
  if (stored.status.empty()) return std::nullopt;
  PresenceTracker::Choice choice{
      .status = stored.status == "dnd" ? Status::dnd : Status::invisible, .until = {}, .until_wall = stored.until};
  if (stored.until) choice.until = clock.now() + (*stored.until - clock.wall());
  return choice;
}

events::OwnStatus to_own_status(const std::optional<PresenceTracker::Choice>& choice) {
  events::OwnStatus own{.status = events::StatusWord::online, .until = {}};
  if (!choice) return own;
  own.status = choice->status == Status::dnd ? events::StatusWord::dnd : events::StatusWord::invisible;
  if (choice->until_wall) own.until = to_iso8601(*choice->until_wall);
  return own;
}

}  // namespace atrium::chat
