#include "web/guard.h"

namespace atrium::web {

std::optional<std::string_view> bearer_token(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  if (const auto header = request.header("authorization"); header && header->size() > kScheme.size()) {
    bool bearer = true;
    for (std::size_t i = 0; i < kScheme.size(); ++i) {
      const char c = (*header)[i];
      bearer = bearer && (c >= 'A' && c <= 'Z' ? c + 32 : c) == kScheme[i];
    }
    std::string_view token = header->substr(kScheme.size());
    while (token.starts_with(' ')) token.remove_prefix(1);
    if (bearer && !token.empty()) return token;
  }
  const auto cookie = request.cookie("access_token");
  return cookie && !cookie->empty() ? cookie : std::nullopt;
}

}  // namespace atrium::web
