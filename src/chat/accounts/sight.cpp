#include "chat/accounts/sight.h"

#include "chat/rooms.h"

namespace atrium::chat {

namespace {

std::string word(const json::object& event, std::string_view name) {
  const json::value* value = event.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t number(const json::object& event, std::string_view name) {
  const json::value* value = event.if_contains(name);
  return value && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

void put(std::vector<std::string>& users, std::string user, bool in) {
  std::erase(users, user);
  if (in) users.push_back(std::move(user));
}

}  // namespace

Sight::Sight(const std::vector<std::string>& rooms) {
  const std::string prefix = rooms::of_presence_events({});
  for (const auto& room : rooms) {
    if (room.starts_with(prefix)) presence_.emplace_back(room.substr(prefix.size()));
  }
}

void Sight::add(handover::Channel channel) { view_.channels.push_back(std::move(channel)); }

void Sight::tell(const json::array& event) {
  if (event.size() < 2 || !event[0].is_string() || !event[1].is_object()) return;
  const std::string_view name = event[0].get_string();
  const json::object& told = event[1].get_object();
  if (name == "presence:online" || name == "presence:offline") {
    put(view_.online, word(told, "userId"), name == "presence:online");
  } else {
    tell_of_channel(name, told);
  }
}

void Sight::tell_of_channel(std::string_view name, const json::object& event) {
  handover::Channel* const channel = view_.channel(word(event, "channelId"));
  if (!channel) return;
  const std::string user = word(event, "userId");
  if (name.starts_with("message:")) {
    channel->modSeq = std::max(channel->modSeq, number(event, "modSeq"));
  } else if (name == "channel:user_joined" || name == "channel:user_left") {
    put(channel->users, user, name == "channel:user_joined");
  } else if (name == "channel:typing" || name == "channel:stop_typing") {
    std::erase_if(channel->typists, [&](const handover::Typing& typist) { return typist.userId == user; });
    if (name == "channel:typing") channel->typists.push_back({.userId = user, .name = word(event, "userName")});
  } else if (name == "channel:typing_state") {
    const json::value* users = event.if_contains("users");
    channel->state = number(event, "more") > 0 || (users && users->is_array() && !users->get_array().empty());
  }
}

}  // namespace atrium::chat
