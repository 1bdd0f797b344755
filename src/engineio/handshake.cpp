#include "engineio/handshake.h"

namespace atrium::engineio {

Handshake::Handshake(const http::Request& request, WallTime time) : url_(request.target), address_(request.peer), time_(time) {
  for (const auto& [name, value] : request.headers) header_lines_.append(name).append(": ").append(value).push_back('\n');
  header_lines_.shrink_to_fit();
}

std::optional<std::string_view> Handshake::header(std::string_view name) const {
  std::string_view rest = header_lines_;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const std::size_t colon = line.find(':');
    if (line.substr(0, colon) == name) return line.substr(colon + 2);
  }
  return std::nullopt;
}

}  // namespace atrium::engineio
