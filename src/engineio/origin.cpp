#include "engineio/origin.h"

#include <algorithm>

#include "engineio/options.h"

namespace atrium::engineio {

namespace {

constexpr std::string_view kAfterScheme = "://";

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lowered;
}

}  // namespace

bool is_origin(std::string_view text) {
  if (text == "null") return true;
  const std::size_t scheme = text.find(kAfterScheme);
  if (scheme == text.npos || scheme == 0) return false;
  // A few browsers in applications send an empty host ("file://").
  const auto in_origin = [](char c) { return c > 0x20 && c < 0x7f && c != '/' && c != '?' && c != '#' && c != '*'; };
  const std::string_view host = text.substr(scheme + kAfterScheme.size());
  return std::all_of(host.begin(), host.end(), in_origin);
}

std::string complaint_about_origin(std::string_view text) {
  return "\"" + std::string(text) + "\" is no origin; write scheme://host or scheme://host:port, without a slash at the end";
}

bool is_same_origin(std::string_view origin, std::string_view host) {
  const std::size_t scheme = origin.find(kAfterScheme);
  if (scheme == origin.npos) return false;
  // An Origin never names the port that its scheme implies; a Host header may.
  const std::string_view implied = lower(origin.substr(0, scheme)) == "https" ? ":443" : ":80";
  if (host.ends_with(implied)) host.remove_suffix(implied.size());
  return !host.empty() && lower(origin.substr(scheme + kAfterScheme.size())) == lower(host);
}

bool may_enter(const Options& options, const http::Request& request) {
  const auto origin = request.header("origin");
  if (!origin) return true;
  if (options.allowed_origins) {
    const auto& list = *options.allowed_origins;
    return std::any_of(list.begin(), list.end(), [&](const std::string& one) { return one == "*" || one == *origin; });
  }
  return is_same_origin(*origin, request.header("host").value_or("")) || (options.cors && options.cors->allows(*origin));
}

}  // namespace atrium::engineio
