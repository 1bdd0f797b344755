#include "storage/records.h"

namespace atrium::storage {

std::string_view to_string(Role role) { return role == Role::admin ? "admin" : "member"; }

std::optional<Role> parse_role(std::string_view word) {
  if (word == "member") return Role::member;
  if (word == "admin") return Role::admin;
  return std::nullopt;
}

std::string_view to_string(GlobalRole role) { return role == GlobalRole::superadmin ? "superadmin" : "user"; }

std::optional<GlobalRole> parse_global_role(std::string_view word) {
  if (word == "user") return GlobalRole::user;
  if (word == "superadmin") return GlobalRole::superadmin;
  return std::nullopt;
}

std::string_view to_string(ChannelType type) {
  switch (type) {
    case ChannelType::public_:
      return "public";
    case ChannelType::private_:
      return "private";
    case ChannelType::direct:
      return "direct";
  }
  return "private";
}

std::optional<ChannelType> parse_channel_type(std::string_view word) {
  if (word == "public") return ChannelType::public_;
  if (word == "private") return ChannelType::private_;
  if (word == "direct") return ChannelType::direct;
  return std::nullopt;
}

}  // namespace atrium::storage
