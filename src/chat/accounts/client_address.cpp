#include "chat/accounts/client_address.h"

#include <algorithm>

namespace atrium::chat {

namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The nearest last.
std::vector<std::string_view> forwarded_for(const http::Request& request) {
  std::vector<std::string_view> addresses;
  for (const auto& [name, value] : request.headers) {
    if (name != "x-forwarded-for") continue;
    std::string_view rest = value;
    for (auto comma = rest.find(','); comma != rest.npos; comma = rest.find(',')) {
      addresses.push_back(trim(rest.substr(0, comma)));
      rest.remove_prefix(comma + 1);
    }
    addresses.push_back(trim(rest));
  }
  return addresses;
}

}  // namespace

std::string client_address(const http::Request& request, const std::vector<net::AddressRange>& trusted) {
  const auto is_ours = [&](const std::string& address) {
    return std::any_of(trusted.begin(), trusted.end(), [&](const auto& range) { return range.contains(address); });
  };
  std::string address = request.peer;
  auto named = forwarded_for(request);
  while (!named.empty() && is_ours(address)) {
    auto before = net::normal_address(named.back());
    if (!before) break;
    address = std::move(*before);
    named.pop_back();
  }
  return address;
}

}  // namespace atrium::chat
