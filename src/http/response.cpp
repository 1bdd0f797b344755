#include "http/response.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <boost/beast/http/status.hpp>

namespace atrium::http {

std::string_view reason_phrase(unsigned status) {
  const auto phrase = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {phrase.data(), phrase.size()};
}

std::string http_date(WallTime time) {
  const std::time_t since_epoch = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(since_epoch));
}

std::string encode(const Response& response, Framing framing, bool keep_alive) {
  std::string out;
  out.reserve(256 + response.body.size());
  const auto line = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason_phrase(response.status));
  out.append("\r\n");
  for (const auto& [name, value] : response.headers) line(name, value);
  const bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
  if (framing == Framing::chunked) {
    line("Transfer-Encoding", "chunked");
  } else if (framing != Framing::until_close && !bodiless && !(framing == Framing::head_only && response.body.empty())) {
    line("Content-Length", std::to_string(response.body.size()));
  }
  if (response.status >= 200) line("Connection", keep_alive ? "keep-alive" : "close");
  out.append("\r\n");
  if (framing == Framing::sized && !bodiless) out.append(response.body);
  return out;
}

}  // namespace atrium::http
