#include "engineio/handshake.h"

namespace atrium::engineio {

Handshake::Handshake(const http::Request& request, WallTime time)
    : url_(request.target), address_(request.peer), time_(time), secure_(request.secure) {
  for (const auto& [name, value] : request.headers) header_lines_.append(name).append(": ").append(value).push_back('\n');
  header_lines_.shrink_to_fit();
}

std::vector<std::pair<std::string_view, std::string_view>> Handshake::headers() const {
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view rest = header_lines_;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const std::size_t colon = line.find(':');
    headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return headers;
}

std::optional<std::string_view> Handshake::header(std::string_view wanted) const {
  for (const auto& [name, value] : headers()) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> Handshake::query() const {
  http::Request request;
  http::parse_target(url_, request);
  return std::move(request.query);
}

std::optional<std::string> Handshake::query_value(std::string_view wanted) const {
  for (auto& [name, value] : query()) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

}  // namespace atrium::engineio
