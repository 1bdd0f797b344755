#include "engineio/cors.h"

#include <algorithm>

#include "engineio/answer_headers.h"
#include "engineio/origin.h"

namespace atrium::engineio {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

std::string join(const std::vector<std::string>& list) {
  std::string joined;
  for (const std::string& item : list) joined.append(joined.empty() ? "" : ",").append(item);
  return joined;
}

}  // namespace

bool Cors::allows(std::string_view origin) const { return reflect_any || contains(origins, "*") || contains(origins, origin); }

void add_cors_headers(const Cors& cors, const http::Request& request, http::Headers& to) {
  if (!cors.reflect_any && contains(cors.origins, "*")) {
    set_header(to, "Access-Control-Allow-Origin", "*");
  } else {
    const auto origin = request.header("origin");
    if (origin && cors.allows(*origin)) set_header(to, "Access-Control-Allow-Origin", std::string(*origin));
    add_vary(to, "Origin");
  }
  if (cors.credentials) set_header(to, "Access-Control-Allow-Credentials", "true");
  if (!cors.exposed_headers.empty()) set_header(to, "Access-Control-Expose-Headers", join(cors.exposed_headers));
}

http::Response answer_preflight(const Cors& cors, const http::Request& request) {
  http::Response answer{.status = 204, .headers = {}, .body = {}};
  add_cors_headers(cors, request, answer.headers);
  set_header(answer.headers, "Access-Control-Allow-Methods", join(cors.methods));
  if (!cors.allowed_headers.empty()) {
    set_header(answer.headers, "Access-Control-Allow-Headers", join(cors.allowed_headers));
  } else {
    add_vary(answer.headers, "Access-Control-Request-Headers");
    const auto asked = request.header("access-control-request-headers");
    if (asked && !asked->empty()) set_header(answer.headers, "Access-Control-Allow-Headers", std::string(*asked));
  }
  if (cors.max_age) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*cors.max_age).count();
    set_header(answer.headers, "Access-Control-Max-Age", std::to_string(seconds));
  }
  set_header(answer.headers, "Content-Length", "0");  // some browsers wait for a body otherwise
  return answer;
}

std::string complaint_about(const Cors& cors) {
  for (const std::string& origin : cors.origins) {
    if (origin != "*" && !is_origin(origin)) return "cors.origins: " + complaint_about_origin(origin);
  }
  if (cors.credentials && !cors.reflect_any && contains(cors.origins, "*")) {
    return "cors.credentials with the origin \"*\" is refused by browsers; name the origins, or set cors.reflect_any";
  }
  return {};
}

}  // namespace atrium::engineio
