#include "engineio/cookie.h"

#include <algorithm>

namespace atrium::engineio {

namespace {

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  const auto in_token = [](char c) {
    return is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), in_token);
}

bool is_attribute_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != ';'; });
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_alphanumeric(c) || std::string_view("-_.!~*'()").find(c) != std::string_view::npos) {
      encoded.push_back(c);
    } else {
      const auto octet = static_cast<unsigned char>(c);
      encoded.push_back('%');
      encoded.push_back("0123456789ABCDEF"[octet >> 4]);
      encoded.push_back("0123456789ABCDEF"[octet & 15]);
    }
  }
  return encoded;
}

}  // namespace

std::string set_cookie(const Cookie& cookie, std::string_view value) {
  std::string text = cookie.name + "=" + percent_encode(value);
  if (cookie.max_age) {
    text += "; Max-Age=" + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(*cookie.max_age).count());
  }
  if (!cookie.domain.empty()) text += "; Domain=" + cookie.domain;
  if (!cookie.path.empty()) text += "; Path=" + cookie.path;
  if (cookie.http_only) text += "; HttpOnly";
  if (cookie.secure) text += "; Secure";
  if (cookie.same_site == "lax") text += "; SameSite=Lax";
  if (cookie.same_site == "strict") text += "; SameSite=Strict";
  if (cookie.same_site == "none") text += "; SameSite=None";
  return text;
}

std::string complaint_about(const Cookie& cookie) {
  if (!is_token(cookie.name)) return "cookie.name must be letters, digits and the likes, but is \"" + cookie.name + "\"";
  if (!is_attribute_value(cookie.path)) return "cookie.path may hold no semicolon and nothing outside ASCII";
  if (!is_attribute_value(cookie.domain)) return "cookie.domain may hold no semicolon and nothing outside ASCII";
  const std::string& same_site = cookie.same_site;
  if (!same_site.empty() && same_site != "lax" && same_site != "strict" && same_site != "none") {
    return "cookie.same_site must be \"lax\", \"strict\", \"none\" or empty, but is \"" + same_site + "\"";
  }
  if (same_site == "none" && !cookie.secure)
    return "cookie.same_site \"none\" is refused by browsers unless cookie.secure is set";
  return {};
}

}  // namespace atrium::engineio
