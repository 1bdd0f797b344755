#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "http/handler.h"
#include "http/response.h"
#include "web/context.h"
#include "web/problem.h"

namespace atrium::web {

/// Where a router answers, and whom. A value.
struct RouterOptions {
  std::vector<std::string> prefixes{""};     ///< where the table answers, as {"/api/v1", ""}
  std::vector<std::string> allowed_origins;  ///< of other sites' pages that may call; "*": of any, without cookies
  http::Handler* fallback = nullptr;         ///< asked for GET and HEAD of unprefixed paths that no route has; outlives this
  /// What an exception of the floors below is to the peer; none, or not set: it is logged and answered with 500.
  std::function<std::optional<Problem>(const std::exception&)> explain = {};
};

/// Answers requests by method and path. Fixed before the shards start, then shared by all of them, read only; it outlives
/// every connection. HEAD is answered by the GET route, OPTIONS and 405 by the table itself.
class Router final : public http::Handler {
 public:
  /// A coroutine that ends with the answer, or throws a Problem that becomes it. Anything else that is thrown is logged and
  /// answered with 500. What the callable captures must outlive the router.
  using RouteHandler = std::function<Task<http::Response>(Context&)>;
  /// A coroutine that answers by itself, at once or after it has ended, through context.exchange() (see SseStream).
  /// A Problem thrown before the head is written is answered as usual.
  using StreamHandler = std::function<Task<void>(Context&)>;

  explicit Router(RouterOptions options);

  /// `pattern`: "/channels/:channelId/messages"; a :name takes one whole segment. A literal segment beats a :name. Throws
  /// std::logic_error that names both when a route of the same method has the same shape already.
  void add(std::string method, std::string pattern, RouteHandler handler);
  /// A GET route whose answer goes on.
  void add_stream(std::string pattern, StreamHandler handler);

  void handle(std::shared_ptr<http::Exchange> exchange) override;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    RouteHandler answer;  ///< one of the two
    StreamHandler stream;
  };
  struct Found {
    const Route* route = nullptr;
    Params params;
    std::string allow;  ///< the methods that the path has; empty: no such path
    bool prefixed = false;
  };

  void insert(Route route);
  Found find(std::string_view method, std::string_view path) const;
  Task<void> serve(std::shared_ptr<http::Exchange> exchange) const;
  Task<http::Response> answer(Context& context, const Found& found) const;
  http::Response answer_options(const http::Request& request, const Found& found) const;
  /// What other sites' pages need to read an answer (the Fetch standard's CORS protocol).
  http::Headers common_headers(const http::Request& request, const std::string& request_id) const;

  const RouterOptions options_;
  std::vector<Route> routes_;  ///< more literal ones first, so that the first match is the best
};

}  // namespace atrium::web
