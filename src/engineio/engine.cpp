#include "engineio/engine.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "base/random_id.h"
#include "base/rate.h"
#include "engineio/deflate_agreement.h"
#include "engineio/origin.h"
#include "websocket/handshake.h"

namespace atrium::engineio {

namespace {

/// Control characters in an Origin header are an attempt at something.
bool is_clean_header(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
}

/// Protocols are named without case (RFC 9110 7.8).
bool is_same_word(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == y; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

bool is_websocket_handshake(const http::Request& request) {
  return request.method == "GET" && is_same_word(request.header("upgrade").value_or(""), "websocket") &&
         request.header("sec-websocket-version").value_or("") == "13" &&
         websocket::is_valid_key(request.header("sec-websocket-key").value_or(""));
}

/// The first of the subprotocols that the client offers, whatever it is: browsers give up a connection that picks none of
/// theirs (RFC 6455 4.1). As with the official server.
std::string subprotocol(const http::Request& request) {
  const std::string_view offered = request.header("sec-websocket-protocol").value_or("");
  const std::string_view first = offered.substr(0, offered.find_first_of(", \t"));
  return first.empty() ? std::string() : "Sec-WebSocket-Protocol: " + std::string(first) + "\r\n";
}

/// The answer that turns the connection into a WebSocket (RFC 6455 4.2.2).
std::string switching_protocols(Visit& visit, const DeflateAgreement& agreement) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         websocket::accept_key(*visit.request().header("sec-websocket-key")) + "\r\n" + agreement.header +
         subprotocol(visit.request()) + visit.upgrade_headers() + "\r\n";
}

/// For the connection_error event: a name as the official server gives it.
boost::json::object named(std::string_view name) { return {{"name", name}}; }

/// One shard's part of so many a second.
std::optional<Rate> share_of(std::size_t a_second, std::size_t shards) {
  if (a_second == 0) return std::nullopt;
  const Duration each = std::chrono::seconds(shards);
  return Rate(static_cast<int>(std::max<std::size_t>(a_second / shards, 1)), each / static_cast<std::int64_t>(a_second));
}

}  // namespace

Engine::Engine(Options options, net::ShardSet& shards, MakeHandler make_handler)
    : options_(std::move(options)), path_(served_path(options_)), shards_(shards), make_handler_(std::move(make_handler)) {
  check(options_);
  const auto handshakes = share_of(options_.max_handshakes, shards_.size());
  for (auto& shard : shards_) tables_.push_back(std::make_unique<SessionTable>(*shard, options_.max_sessions, handshakes));
}

void Engine::handle(std::shared_ptr<http::Exchange> exchange) {
  const auto visit = std::make_shared<Visit>(std::move(exchange), options_.events);
  if (options_.cors) {
    if (visit->request().method == "OPTIONS") return visit->respond(answer_preflight(*options_.cors, visit->request()));
    add_cors_headers(*options_.cors, visit->request(), visit->headers());
  }
  pass_middleware(visit, 0);
}

void Engine::pass_middleware(const VisitPtr& visit, std::size_t next) {
  if (visit->over()) return;
  if (next == options_.middleware.size()) return judge(visit);
  const auto fail = [](Visit& of, std::string_view why) {
    boost::json::object context = named("MIDDLEWARE_FAILURE");
    context["error"] = why;
    of.refuse(RequestError::bad_request, std::move(context));
  };
  try {
    options_.middleware[next](*visit, [this, visit, next, fail](std::optional<std::string> error) {
      if (!visit->pass(next)) return;
      if (error) {
        fail(*visit, *error);
      } else {
        pass_middleware(visit, next + 1);
      }
    });
  } catch (const std::exception& failure) {
    log::error("a middleware failed on {}: {}", visit->request().path, failure.what());
    fail(*visit, failure.what());
  }
}

// The order of these checks is observable: a request with several faults is told of the first.
void Engine::judge(const VisitPtr& visit) {
  const http::Request& request = visit->request();
  const std::string_view transport = request.query_value("transport").value_or("");
  const bool websocket = transport == "websocket" && options_.websocket;
  if (!websocket && !(transport == "polling" && options_.polling)) {
    return visit->refuse(RequestError::transport_unknown, {{"transport", transport}});
  }
  const std::string_view origin = request.header("origin").value_or("");
  if (!is_clean_header(origin)) return visit->refuse(RequestError::bad_request, named("INVALID_ORIGIN"));
  if (const auto id = request.query_value("sid")) {
    continue_session(visit, std::string(*id), websocket);
  } else {
    judge_handshake(visit, websocket);
  }
}

void Engine::judge_handshake(const VisitPtr& visit, bool websocket) {
  const http::Request& request = visit->request();
  if (request.method != "GET") return visit->refuse(RequestError::bad_handshake_method, {{"method", request.method}});
  if (const auto wait = tables_[visit->shard().index()]->admit()) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
    return visit->respond({.status = 503, .headers = {{"Retry-After", std::to_string(seconds)}}, .body = {}});
  }
  if (websocket != request.upgrade) return visit->refuse(RequestError::bad_request, named("TRANSPORT_HANDSHAKE_ERROR"));
  if (!may_enter(options_, request)) {
    return visit->refuse(RequestError::forbidden, {{"name", "FORBIDDEN_ORIGIN"}, {"origin", *request.header("origin")}});
  }
  ask_application(visit, websocket);
}

void Engine::ask_application(const VisitPtr& visit, bool websocket) {
  if (!options_.allow_request) return begin_session(visit, websocket);
  const auto decide = [this, visit, websocket](std::optional<std::string> refusal) {
    if (visit->over()) return;  // the peer has gone, or has its answer by an earlier call
    if (refusal) {
      visit->refuse(RequestError::forbidden, {{"message", *refusal}}, *refusal);
    } else {
      begin_session(visit, websocket);
    }
  };
  try {
    options_.allow_request(visit->request(), decide);
  } catch (const std::exception& failure) {
    log::error("allow_request failed on {}: {}", visit->request().path, failure.what());
    visit->refuse(RequestError::forbidden, {{"message", failure.what()}});
  }
}

void Engine::begin_session(const VisitPtr& visit, bool websocket) {
  const http::Request& request = visit->request();
  if (wire_of(request).revision == Revision::v3 && !options_.allow_eio3) {
    return visit->refuse(RequestError::unsupported_version, {{"protocol", 3}});
  }
  if (websocket && !(is_websocket_handshake(request) && agree_on_deflate(request, options_))) {
    return visit->refuse(RequestError::bad_request, named("TRANSPORT_HANDSHAKE_ERROR"));
  }
  // The first octet of a random id names the shard, so that any other shard knows where to bring the next request.
  if (!options_.generate_id) {
    return open_session(visit, random_id(static_cast<std::uint8_t>(visit->shard().index())), websocket);
  }
  const auto id = generate_id(request);
  if (!id) return visit->refuse(RequestError::bad_request, named("ID_GENERATION_ERROR"));
  net::Shard& home = *home_of(*id);
  if (&home == &visit->shard()) return open_session(visit, *id, websocket);
  visit->move_to(home, [this, id, websocket](VisitPtr moved) { open_session(moved, *id, websocket); });
}

std::optional<std::string> Engine::generate_id(const http::Request& request) const {
  try {
    std::string id = options_.generate_id(request);
    if (!id.empty()) return id;
    log::error("generate_id gave an empty id");
  } catch (const std::exception& failure) {
    log::error("generate_id failed: {}", failure.what());
  }
  return std::nullopt;
}

void Engine::open_session(const VisitPtr& visit, std::string id, bool websocket) {
  const http::Request& request = visit->request();
  net::Shard& shard = visit->shard();
  SessionTable& table = *tables_[shard.index()];
  if (!table.has_room()) {
    visit->respond({.status = 503, .headers = {{"Retry-After", "5"}}, .body = {}});
    return;
  }
  if (table.find(id)) return visit->refuse(RequestError::bad_request, named("ID_GENERATION_ERROR"));
  if (options_.cookie && !websocket) visit->headers().emplace_back("Set-Cookie", set_cookie(*options_.cookie, id));
  Session& session =
      table.add(std::make_unique<Session>(std::move(id), Handshake(request, shard.clock().wall()), wire_of(request).revision,
                                          options_, shard, table, make_handler_(shard)));
  if (websocket) {
    const auto agreement = *agree_on_deflate(request, options_);
    session.begin_websocket(*visit, switching_protocols(*visit, agreement), agreement.deflate);
  } else {
    session.begin_polling(visit);
  }
}

void Engine::continue_session(const VisitPtr& visit, const std::string& id, bool websocket) {
  net::Shard* const home = home_of(id);
  if (!home) return visit->refuse(RequestError::unknown_session, {{"sid", id}});
  if (home != &visit->shard()) {
    visit->move_to(*home, [this, id, websocket](VisitPtr moved) { continue_session(moved, id, websocket); });
    return;
  }
  Session* const session = tables_[home->index()]->find(id);
  if (!session) return visit->refuse(RequestError::unknown_session, {{"sid", id}});
  const http::Request& request = visit->request();
  if (request.upgrade) {
    const auto agreement = agree_on_deflate(request, options_);
    if (!websocket || !is_websocket_handshake(request) || !agreement) {
      return visit->refuse(RequestError::bad_request, named("TRANSPORT_HANDSHAKE_ERROR"));
    }
    if (!may_enter(options_, request)) {
      return visit->refuse(RequestError::forbidden, {{"name", "FORBIDDEN_ORIGIN"}, {"origin", *request.header("origin")}});
    }
    session->on_second_websocket(*visit, switching_protocols(*visit, *agreement), agreement->deflate);
    return;
  }
  if (websocket || (session->open() && session->transport_name() != "polling")) {
    boost::json::object context = named("TRANSPORT_MISMATCH");
    context["transport"] = request.query_value("transport").value_or("");
    context["previousTransport"] = session->transport_name();
    return visit->refuse(RequestError::bad_request, std::move(context));
  }
  if (static_cast<int>(wire_of(request).revision) != session->protocol()) {
    return visit->refuse(RequestError::bad_request, named("REVISION_MISMATCH"));
  }
  session->on_request(visit);
}

net::Shard* Engine::home_of(std::string_view id) const {
  if (options_.generate_id) return &shards_.home_of(id);
  const auto home = first_octet_of(id);
  return home && *home < shards_.size() ? &shards_[*home] : nullptr;
}

void Engine::shut_down(net::Shard& shard) { tables_[shard.index()]->close_all(CloseReason::server_shutting_down); }

}  // namespace atrium::engineio
