#include "socketio/handshake_json.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

namespace atrium::socketio {

namespace json = boost::json;

namespace {

constexpr std::int64_t kLastDate = 8'640'000'000'000'000;  // of JavaScript, in ms since 1970

/// As JavaScript's Date prints itself where the clocks show UTC.
std::string to_date_string(WallTime time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return fmt::format("{:%a %b %d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)", fmt::gmtime(seconds));
}

/// Lines of one name are joined, as Node does.
json::object headers_of(const engineio::Handshake& handshake) {
  json::object headers;
  for (const auto& [name, value] : handshake.headers()) {
    json::value& line = headers[name];
    if (line.is_null()) {
      line = json::string(value);
    } else {
      line.get_string().append(name == "cookie" ? "; " : ", ").append(value);
    }
  }
  return headers;
}

/// A parameter that is there several times is a list.
json::object query_of(const engineio::Handshake& handshake) {
  json::object query;
  for (const auto& [name, value] : handshake.query()) {
    json::value& values = query[name];
    if (values.is_null()) {
      values = json::string(value);
    } else if (values.is_string()) {
      values = json::array{std::move(values), json::string(value)};
    } else {
      values.get_array().emplace_back(json::string(value));
    }
  }
  return query;
}

}  // namespace

json::object to_json(const engineio::Handshake& handshake) {
  return {{"address", handshake.address()}, {"headers", headers_of(handshake)},
          {"query", query_of(handshake)},   {"issued", handshake.time().time_since_epoch().count()},
          {"secure", handshake.secure()},   {"time", to_date_string(handshake.time())},
          {"url", handshake.url()},         {"xdomain", handshake.xdomain()}};
}

engineio::Handshake handshake_of(const json::object& told) {
  const auto text = [&](std::string_view name) {
    const json::value* value = told.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  http::Request request;
  request.target = text("url");
  request.peer = text("address");
  const json::value* secure = told.if_contains("secure");
  request.secure = secure && secure->is_bool() && secure->get_bool();
  if (const json::value* headers = told.if_contains("headers"); headers && headers->is_object()) {
    for (const auto& [name, value] : headers->get_object()) {
      const json::string* line = value.if_string();
      if (!line || line->find('\n') != line->npos || name.find_first_of(":\n") != name.npos) continue;
      request.headers.emplace_back(name, *line);
    }
  }
  const json::value* issued = told.if_contains("issued");
  boost::system::error_code error;
  const auto ms = issued ? issued->to_number<std::int64_t>(error) : 0;
  const bool is_time = !error && ms > 0 && ms <= kLastDate;
  return {request, WallTime(std::chrono::milliseconds(is_time ? ms : 0))};
}

}  // namespace atrium::socketio
