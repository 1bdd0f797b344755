#include "chat/capabilities.h"

#include <array>
#include <string_view>

namespace atrium::chat {

namespace {

struct Line {
  std::string_view name;
  bool Capabilities::* has;
};

constexpr std::array kLines{Line{"presence.v2", &Capabilities::presence_v2}, Line{"typing.v2", &Capabilities::typing_v2},
                            Line{"seq", &Capabilities::seq}, Line{"auth.refresh", &Capabilities::auth_refresh}};

}  // namespace

Capabilities Capabilities::of(const json::object& auth) {
  Capabilities caps;
  const json::value* names = auth.if_contains("caps");
  if (!names || !names->is_array()) return caps;
  for (const json::value& name : names->get_array()) {
    for (const Line& line : kLines) {
      if (name.is_string() && name.get_string() == line.name) caps.*line.has = true;
    }
  }
  return caps;
}

std::vector<std::string> Capabilities::names() const {
  std::vector<std::string> names;
  for (const Line& line : kLines) {
    if (this->*line.has) names.emplace_back(line.name);
  }
  return names;
}

}  // namespace atrium::chat
