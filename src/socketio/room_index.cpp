#include "socketio/room_index.h"

namespace atrium::socketio {

RoomIndex::RoomIndex() = default;
RoomIndex::~RoomIndex() = default;

void RoomIndex::add(Member& member) {
  member.slot_ = everybody_.size();
  everybody_.push_back(&member);
  by_id_.emplace(member.receiver_.id(), &member);
  if (observer_) observer_->on_join(member.receiver_.id(), member.receiver_.id(), Occupancy::first);
}

void RoomIndex::remove(Member& member) {
  while (!member.places_.empty()) take_out(member, member.places_.size() - 1);
  by_id_.erase(member.receiver_.id());
  everybody_[member.slot_] = everybody_.back();
  everybody_[member.slot_]->slot_ = member.slot_;
  everybody_.pop_back();
  if (observer_) observer_->on_leave(member.receiver_.id(), member.receiver_.id(), Occupancy::last);
}

bool RoomIndex::join(Member& member, const std::string& name) {
  auto found = rooms_.find(name);
  if (found == rooms_.end()) {
    auto room = std::make_unique<Room>(Room{name, {}});
    const std::string_view key = room->name;
    found = rooms_.emplace(key, std::move(room)).first;
  }
  Room& room = *found->second;
  for (const Place& place : member.places_) {
    if (place.room == &room) return false;
  }
  member.places_.push_back({&room, room.members.size()});
  room.members.push_back(&member);
  if (observer_) {
    observer_->on_join(name, member.receiver_.id(), room.members.size() == 1 ? Occupancy::first : Occupancy::among_others);
  }
  return true;
}

bool RoomIndex::leave(Member& member, std::string_view name) {
  for (std::size_t i = 0; i < member.places_.size(); ++i) {
    if (member.places_[i].room->name != name) continue;
    take_out(member, i);
    return true;
  }
  return false;
}

void RoomIndex::take_out(Member& member, std::size_t index) {
  const Place place = member.places_[index];
  member.places_[index] = member.places_.back();
  member.places_.pop_back();
  auto& members = place.room->members;
  if (place.slot + 1 < members.size()) {
    Member& last = *members.back();
    members[place.slot] = &last;
    for (Place& other : last.places_) {
      if (other.room == place.room) other.slot = place.slot;
    }
  }
  members.pop_back();
  if (!members.empty()) {
    if (observer_) observer_->on_leave(place.room->name, member.receiver_.id(), Occupancy::among_others);
    return;
  }
  const auto emptied = rooms_.extract(rooms_.find(place.room->name));
  if (observer_) observer_->on_leave(place.room->name, member.receiver_.id(), Occupancy::last);
}

std::vector<std::string> RoomIndex::rooms_of(const Member& member) const {
  std::vector<std::string> names;
  for (const Place& place : member.places_) names.push_back(place.room->name);
  return names;
}

Receiver* RoomIndex::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second->receiver_;
}

std::vector<std::string> RoomIndex::rooms() const {
  std::vector<std::string> names;
  for (const auto& [name, room] : rooms_) names.emplace_back(name);
  return names;
}

std::vector<Receiver*> RoomIndex::collect(const Audience& audience) {
  std::vector<Receiver*> found;
  each(audience, [&](Receiver& receiver) { found.push_back(&receiver); });
  return found;
}

}  // namespace atrium::socketio
