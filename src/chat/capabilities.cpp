#include "chat/capabilities.h"

namespace atrium::chat {

Capabilities Capabilities::of(const json::object& auth) {
  Capabilities caps;
  const json::value* names = auth.if_contains("caps");
  if (!names || !names->is_array()) return caps;
  for (const json::value& name : names->get_array()) {
    if (!name.is_string()) continue;
    caps.presence_v2 |= name.get_string() == "presence.v2";
    caps.typing_v2 |= name.get_string() == "typing.v2";
    caps.seq |= name.get_string() == "seq";
    caps.auth_refresh |= name.get_string() == "auth.refresh";
  }
  return caps;
}

}  // namespace atrium::chat
