#include "web/router.h"

#include <algorithm>
#include <stdexcept>

#include "base/log.h"
#include "base/random_id.h"
#include "http/exchange.h"

namespace atrium::web {

namespace {

/// "/a/b/" -> {"a", "b"}: one slash at the end makes no difference.
std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  while (!path.empty()) {
    const std::size_t end = path.find('/');
    segments.emplace_back(path.substr(0, end));
    path = end == path.npos ? std::string_view() : path.substr(end + 1);
  }
  return segments;
}

bool is_name(std::string_view segment) { return segment.starts_with(':'); }

/// Both take the same paths.
bool same_shape(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& left, const auto& right) { return is_name(left) ? is_name(right) : left == right; });
}

/// `a` is to be tried before `b`: a literal stands where the other one has a :name.
bool more_literal(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](const auto& left, const auto& right) { return !is_name(left) && is_name(right); });
}

bool match(const std::vector<std::string>& pattern, const std::vector<std::string>& path, Params& params) {
  if (pattern.size() != path.size()) return false;
  params.clear();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_name(pattern[i])) {
      if (path[i].empty()) return false;
      params.emplace_back(pattern[i].substr(1), path[i]);
    } else if (pattern[i] != path[i]) {
      return false;
    }
  }
  return true;
}

void allow(std::string& methods, std::string_view method) {
  if (methods.find(method) != methods.npos) return;
  if (!methods.empty()) methods += ", ";
  methods += method;
}

std::string_view path_of(const http::Request& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

/// The peer's own id for the request where it is fit for a log line, else a new one.
std::string request_id_of(const http::Request& request, const net::Shard& shard) {
  const std::string_view sent = request.header("x-request-id").value_or("");
  const auto harmless = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  };
  if (!sent.empty() && sent.size() <= 64 && std::all_of(sent.begin(), sent.end(), harmless)) return std::string(sent);
  return random_id(static_cast<std::uint8_t>(shard.index()));
}

}  // namespace

Router::Router(RouterOptions options) : options_(std::move(options)) {}

void Router::add(std::string method, std::string pattern, RouteHandler handler) {
  insert(
      {.method = std::move(method), .pattern = std::move(pattern), .segments = {}, .answer = std::move(handler), .stream = {}});
}

void Router::add_stream(std::string pattern, StreamHandler handler) {
  insert({.method = "GET", .pattern = std::move(pattern), .segments = {}, .answer = {}, .stream = std::move(handler)});
}

void Router::insert(Route route) {
  if (!route.pattern.starts_with('/')) {
    throw std::logic_error("the route pattern '" + route.pattern + "' does not begin with '/'");
  }
  route.segments = split(route.pattern);
  for (const Route& other : routes_) {
    if (other.method == route.method && same_shape(other.segments, route.segments)) {
      throw std::logic_error("the routes '" + other.method + " " + other.pattern + "' and '" + route.method + " " +
                             route.pattern + "' take the same paths");
    }
  }
  const auto place = std::upper_bound(routes_.begin(), routes_.end(), route,
                                      [](const Route& a, const Route& b) { return more_literal(a.segments, b.segments); });
  routes_.insert(place, std::move(route));
}

Router::Found Router::find(std::string_view method, std::string_view path) const {
  Found found;
  Params params;
  for (const std::string& prefix : options_.prefixes) {
    if (!path.starts_with(prefix)) continue;
    const std::string_view rest = path.substr(prefix.size());
    if (!rest.empty() && !rest.starts_with('/')) continue;
    found.prefixed |= !prefix.empty();
    std::vector<std::string> segments = split(rest);
    for (std::string& segment : segments) segment = http::percent_decode(segment);
    for (const Route& route : routes_) {
      if (!match(route.segments, segments, params)) continue;
      allow(found.allow, route.method);
      if (route.method == "GET") allow(found.allow, "HEAD");
      const bool takes = route.method == method || (method == "HEAD" && route.method == "GET");
      if (found.route || !takes) continue;
      found.route = &route;
      found.params = params;
    }
    if (!found.allow.empty()) break;
  }
  if (!found.allow.empty()) allow(found.allow, "OPTIONS");
  return found;
}

void Router::handle(std::shared_ptr<http::Exchange> exchange) { spawn(serve(std::move(exchange))); }

Task<void> Router::serve(std::shared_ptr<http::Exchange> exchange) const {
  const http::Request& request = exchange->request();
  Found found = find(request.method, path_of(request));
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (found.allow.empty() && !found.prefixed && options_.fallback && reads) {
    options_.fallback->handle(std::move(exchange));
    co_return;
  }

  // Kept aside: the request travels with an exchange that moves.
  const std::string name = request.method + " " + std::string(path_of(request));
  const std::string path(path_of(request));
  std::string id = request_id_of(request, exchange->shard());
  http::Headers headers = common_headers(request, id);
  const bool is_stream = found.route && found.route->stream;
  Context context(exchange, std::move(found.params), std::move(id), std::move(headers), is_stream);

  http::Response response;
  try {
    if (is_stream) {
      co_await found.route->stream(context);
      co_return;
    }
    response = co_await answer(context, found);
  } catch (const Problem& problem) {
    response = to_response(problem, path, context.request_id());
  } catch (const std::exception& error) {
    std::optional<Problem> problem = options_.explain ? options_.explain(error) : std::nullopt;
    if (!problem) {
      log::error("{} failed, request {}: {}", name, context.request_id(), error.what());
      problem.emplace(500, "INTERNAL_ERROR");
    }
    response = to_response(*problem, path, context.request_id());
  } catch (...) {
    log::error("{} failed, request {}", name, context.request_id());
    response = to_response(Problem(500, "INTERNAL_ERROR"), path, context.request_id());
  }
  response.headers.insert(response.headers.end(), context.common_headers().begin(), context.common_headers().end());
  exchange->respond(std::move(response));  // a stream that broke off after its head ends with the exchange
}

Task<http::Response> Router::answer(Context& context, const Found& found) const {
  if (found.route) co_return co_await found.route->answer(context);
  if (found.allow.empty()) throw Problem(404, "NOT_FOUND");
  if (context.request().method == "OPTIONS") co_return answer_options(context.request(), found);
  http::Headers headers{{"Allow", found.allow}};
  throw Problem(405, "METHOD_NOT_ALLOWED", {}, {}, std::move(headers));
}

http::Response Router::answer_options(const http::Request& request, const Found& found) const {
  http::Response response{.status = 204, .headers = {{"Allow", found.allow}}, .body = {}};
  if (!options_.allowed_origins.empty() && request.header("access-control-request-method")) {
    response.headers.emplace_back("Access-Control-Allow-Methods", found.allow);
    response.headers.emplace_back("Access-Control-Allow-Headers",
                                  "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-Id");
    response.headers.emplace_back("Access-Control-Max-Age", "600");
  }
  return response;
}

http::Headers Router::common_headers(const http::Request& request, const std::string& request_id) const {
  http::Headers headers{{"X-Request-Id", request_id}};
  if (options_.allowed_origins.empty()) return headers;
  headers.emplace_back("Vary", "Origin");
  const auto origin = request.header("origin");
  if (!origin) return headers;
  const auto has = [&list = options_.allowed_origins](std::string_view wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
  };
  if (has(*origin)) {
    headers.emplace_back("Access-Control-Allow-Origin", std::string(*origin));
    headers.emplace_back("Access-Control-Allow-Credentials", "true");
  } else if (has("*")) {
    headers.emplace_back("Access-Control-Allow-Origin", "*");
  } else {
    return headers;
  }
  headers.emplace_back("Access-Control-Expose-Headers", "ETag, X-Request-Id");
  return headers;
}

}  // namespace atrium::web
