#pragma once

#include <optional>
#include <string_view>

namespace atrium::chat {

/// Whether the page that sent a request came from this server, as far as its browser says: by the headers Origin and Host. A
/// browser sends our cookie along for any other site's page too, so from there it proves nothing.
inline bool from_own_page(std::optional<std::string_view> origin, std::optional<std::string_view> host) {
  if (!origin) return true;  // no browser, or a page that asks its own server
  const std::size_t scheme = origin->find("://");
  return scheme != origin->npos && origin->substr(scheme + 3) == host.value_or("");
}

}  // namespace atrium::chat
