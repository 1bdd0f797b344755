#include "chat/presence/presence_tracker.h"

#include <algorithm>

namespace atrium::chat {

using storage::UserId;

namespace {

template <class Person>
TimePoint last_active(const Person& person) {
  TimePoint last = person.devices.empty() ? person.active : TimePoint::min();
  for (const auto& device : person.devices) last = std::max(last, device.active);
  return last;
}

template <class Person>
bool awake_elsewhere(const Person& person) {
  return std::any_of(person.elsewhere.begin(), person.elsewhere.end(), [](const auto& each) { return each.awake; });
}

template <class Person>
bool chosen(const Person& person, TimePoint now) {
  return person.choice && (!person.choice->until || *person.choice->until > now);
}

}  // namespace

PresenceTracker::Arrival PresenceTracker::arrive(const WhoIs& who, Device device) {
  const TimePoint now = device.active;
  Person& person = persons_[who->user];
  if (has(who->user, device.socket)) return Arrival::known;
  const Arrival arrival = person.grace ? Arrival::back_in_time : person.here() ? Arrival::one_more : Arrival::first;
  person.who = who;
  person.grace.reset();
  person.was_ours = false;
  person.overdue = false;
  person.devices.push_back(std::move(device));
  schedule(who->user, person, now);
  return arrival;
}

bool PresenceTracker::lose(const UserId& user, const SocketRef& socket, TimePoint now, TimePoint until) {
  const Device* lost = device(user, socket);
  if (!lost) return false;
  Person& person = persons_.at(user);
  person.active = lost->active;
  person.devices.erase(person.devices.begin() + (lost - person.devices.data()));
  if (person.devices.empty()) {
    person.closed = now;
    person.grace = until;
    person.was_ours = true;
  }
  schedule(user, person, now);
  return true;
}

void PresenceTracker::shorten(const UserId& user, TimePoint until, TimePoint now) {
  const auto found = persons_.find(user);
  if (found == persons_.end() || !found->second.grace) return;
  found->second.grace = std::min(*found->second.grace, until);
  schedule(user, found->second, now);
}

void PresenceTracker::active(const UserId& user, const SocketRef& socket, TimePoint now) {
  Device* alive = device(user, socket);
  if (!alive) return;
  alive->active = now;
  schedule(user, persons_.at(user), now);
}

void PresenceTracker::choose(const UserId& user, std::optional<Choice> choice, TimePoint now) {
  Person& person = persons_[user];
  person.choice = std::move(choice);
  schedule(user, person, now);
  if (!person.here() && !person.choice) {
    unschedule(user, person);
    persons_.erase(user);
  }
}

void PresenceTracker::arrive_elsewhere(const WhoIs& who, Elsewhere elsewhere, TimePoint now) {
  Person& person = persons_[who->user];
  // Who is here is known best here.
  if (person.devices.empty()) person.who = who;
  // Nobody waits for him who was elsewhere, and is again.
  if (person.grace && !person.was_ours) person.grace.reset();
  person.overdue = person.overdue && person.grace;
  std::erase_if(person.elsewhere, [&](const Elsewhere& each) { return each.node == elsewhere.node; });
  person.elsewhere.push_back(std::move(elsewhere));
  schedule(who->user, person, now);
}

void PresenceTracker::lose_elsewhere(const UserId& user, const NodeId& node, TimePoint now) {
  const auto found = persons_.find(user);
  if (found == persons_.end()) return;
  Person& person = found->second;
  const auto at =
      std::find_if(person.elsewhere.begin(), person.elsewhere.end(), [&](const Elsewhere& each) { return each.node == node; });
  if (at == person.elsewhere.end()) return;
  const TimePoint active = at->awake ? now : at->active;
  person.elsewhere.erase(at);
  if (!person.here()) {
    person.active = active;
    person.closed = now;
    person.grace = now;
    person.was_ours = false;
  }
  schedule(user, person, now);
}

std::vector<UserId> PresenceTracker::users_of(const NodeId& node) const {
  std::vector<UserId> users;
  for (const auto& [user, person] : persons_) {
    const auto& elsewhere = person.elsewhere;
    if (std::any_of(elsewhere.begin(), elsewhere.end(), [&](const Elsewhere& each) { return each.node == node; })) {
      users.push_back(user);
    }
  }
  return users;
}

std::optional<PresenceTracker::Elsewhere> PresenceTracker::own(const UserId& user, TimePoint now) const {
  const auto found = persons_.find(user);
  if (found == persons_.end()) return std::nullopt;
  const Person& person = found->second;
  if (person.devices.empty() && !(person.grace && person.was_ours)) return std::nullopt;
  const TimePoint active = last_active(person);
  return Elsewhere{.node = {}, .devices = person.devices.size(), .awake = active + away_ > now, .active = active};
}

PresenceTracker::Due PresenceTracker::advance(TimePoint now) {
  Due due;
  while (!wakes_.empty() && wakes_.begin()->first <= now) {
    const UserId user = wakes_.begin()->second;
    Person& person = persons_.at(user);
    unschedule(user, person);
    if (!chosen(person, now)) person.choice.reset();
    if (person.grace && *person.grace <= now && !person.overdue) {
      person.overdue = true;
      due.gone.push_back(user);
    } else if (person.here()) {
      due.changed.push_back(user);
    }
    if (person.here() || person.choice) {
      schedule(user, person, now);
    } else {
      persons_.erase(user);
    }
  }
  return due;
}

std::optional<TimePoint> PresenceTracker::next() const {
  if (wakes_.empty()) return std::nullopt;
  return wakes_.begin()->first;
}

std::optional<PresenceTracker::Gone> PresenceTracker::give_up(const UserId& user, TimePoint now) {
  const auto found = persons_.find(user);
  if (found == persons_.end() || !found->second.grace || *found->second.grace > now) return std::nullopt;
  Person& person = found->second;
  Gone gone{
      .who = person.who, .closed = person.closed, .hidden = status(user, now) == Status::invisible, .ours = person.was_ours};
  person.grace.reset();
  person.overdue = false;
  person.was_ours = false;
  unschedule(user, person);
  if (person.here()) {
    schedule(user, person, now);
    return std::nullopt;
  }
  person.who = nullptr;
  if (chosen(person, now)) {
    schedule(user, person, now);
  } else {
    persons_.erase(found);
  }
  return gone;
}

Status PresenceTracker::status(const UserId& user, TimePoint now) const {
  const Person* person = here(user);
  if (!person) return Status::offline;
  if (chosen(*person, now)) return person->choice->status;
  return awake_elsewhere(*person) || last_active(*person) + away_ > now ? Status::online : Status::away;
}

std::optional<PresenceTracker::Shown> PresenceTracker::shown(const UserId& user, TimePoint now) const {
  const Status shown = shown_to_others(status(user, now));
  if (shown == Status::offline) return std::nullopt;
  const Person& person = persons_.at(user);
  TimePoint active = awake_elsewhere(person) ? now : last_active(person);
  for (const Elsewhere& elsewhere : person.elsewhere) active = std::max(active, elsewhere.active);
  return Shown{.who = person.who, .status = shown, .active = active};
}

std::optional<PresenceTracker::Choice> PresenceTracker::choice(const UserId& user, TimePoint now) const {
  const auto found = persons_.find(user);
  if (found == persons_.end() || !chosen(found->second, now)) return std::nullopt;
  return found->second.choice;
}

PresenceTracker::WhoIs PresenceTracker::find(const UserId& user) const {
  const Person* person = here(user);
  return person ? person->who : nullptr;
}

bool PresenceTracker::has(const UserId& user, const SocketRef& socket) const {
  const auto& devices = devices_of(user);
  return std::any_of(devices.begin(), devices.end(), [&](const Device& device) { return device.socket == socket; });
}

const std::vector<PresenceTracker::Device>& PresenceTracker::devices_of(const UserId& user) const {
  static const std::vector<Device> kNone;
  const auto found = persons_.find(user);
  return found == persons_.end() ? kNone : found->second.devices;
}

std::size_t PresenceTracker::device_count(const UserId& user) const {
  const Person* person = here(user);
  if (!person) return 0;
  std::size_t count = person->devices.size();
  for (const Elsewhere& elsewhere : person->elsewhere) count += elsewhere.devices;
  return count;
}

std::vector<UserId> PresenceTracker::users() const {
  std::vector<UserId> all;
  for (const auto& [user, person] : persons_) {
    if (person.here()) all.push_back(user);
  }
  return all;
}

std::vector<UserId> PresenceTracker::choosers() const {
  std::vector<UserId> all;
  for (const auto& [user, person] : persons_) {
    if (person.choice) all.push_back(user);
  }
  return all;
}

const PresenceTracker::Person* PresenceTracker::here(const UserId& user) const {
  const auto found = persons_.find(user);
  return found == persons_.end() || !found->second.here() ? nullptr : &found->second;
}

PresenceTracker::Device* PresenceTracker::device(const UserId& user, const SocketRef& socket) {
  const auto found = persons_.find(user);
  if (found == persons_.end()) return nullptr;
  auto& devices = found->second.devices;
  const auto same = std::find_if(devices.begin(), devices.end(), [&](const Device& each) { return each.socket == socket; });
  return same == devices.end() ? nullptr : &*same;
}

void PresenceTracker::schedule(const UserId& user, Person& person, TimePoint now) {
  std::optional<TimePoint> next;
  const auto consider = [&](TimePoint at) { next = next ? std::min(*next, at) : at; };
  if (person.grace && !person.overdue) consider(*person.grace);
  if (person.choice && person.choice->until) consider(*person.choice->until);
  if (const TimePoint idle = last_active(person) + away_; person.here() && idle > now) consider(idle);
  // To be woken too early costs less than to move the wake-up with every sign of life.
  if (person.wake && next && *person.wake <= *next) return;
  unschedule(user, person);
  if (!next) return;
  person.wake = next;
  wakes_.emplace(*next, user);
}

void PresenceTracker::unschedule(const UserId& user, Person& person) {
  if (!person.wake) return;
  wakes_.erase({*person.wake, user});
  person.wake.reset();
}

}  // namespace atrium::chat
