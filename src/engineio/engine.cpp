#include "engineio/engine.h"

#include <boost/json.hpp>

#include "base/random_id.h"
#include "engineio/deflate_agreement.h"
#include "engineio/request_error.h"
#include "websocket/handshake.h"

namespace atrium::engineio {

namespace {

/// Control characters in an Origin header are an attempt at something.
bool is_clean_header(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
}

bool is_websocket_handshake(const http::Request& request) {
  return request.method == "GET" && request.header("sec-websocket-version").value_or("") == "13" &&
         websocket::is_valid_key(request.header("sec-websocket-key").value_or(""));
}

/// The answer that turns the connection into a WebSocket (RFC 6455 4.2.2).
std::string switching_protocols(const http::Request& request, const DeflateAgreement& agreement) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         websocket::accept_key(*request.header("sec-websocket-key")) + "\r\n" + agreement.header + "\r\n";
}

}  // namespace

Engine::Engine(Options options, net::ShardSet& shards, MakeHandler make_handler)
    : options_(std::move(options)), shards_(shards), make_handler_(std::move(make_handler)) {
  if (options_.per_message_deflate) check(options_.per_message_deflate->effort, "per_message_deflate.effort");
  if (options_.http_compression) check(options_.http_compression->effort, "http_compression.effort");
  for (auto& shard : shards_) tables_.push_back(std::make_unique<SessionTable>(*shard));
}

// The order of these checks is observable: a request with several faults is told of the first.
void Engine::handle(std::shared_ptr<http::Exchange> exchange) {
  const http::Request& request = exchange->request();
  const std::string_view transport = request.query_value("transport").value_or("");
  const bool websocket = transport == "websocket" && options_.websocket;
  if (!websocket && !(transport == "polling" && options_.polling)) return refuse(*exchange, RequestError::transport_unknown);
  if (!is_clean_header(request.header("origin").value_or(""))) return refuse(*exchange, RequestError::bad_request);
  if (const auto id = request.query_value("sid")) {
    continue_session(exchange, std::string(*id), websocket);
    return;
  }
  if (request.method != "GET") return refuse(*exchange, RequestError::bad_handshake_method);
  if (websocket != request.upgrade) return refuse(*exchange, RequestError::bad_request);
  if (request.query_value("EIO").value_or("") != "4") return refuse(*exchange, RequestError::unsupported_version);
  begin_session(exchange, websocket);
}

void Engine::begin_session(const std::shared_ptr<http::Exchange>& exchange, bool websocket) {
  const http::Request& request = exchange->request();
  const auto agreement = agree_on_deflate(request, options_);
  if (websocket && !(is_websocket_handshake(request) && agreement)) return refuse(*exchange, RequestError::bad_request);
  net::Shard& shard = exchange->shard();
  SessionTable& table = *tables_[shard.index()];
  if (table.size() >= options_.max_sessions) {
    exchange->respond({.status = 503, .headers = {{"Retry-After", "5"}}, .body = {}});
    return;
  }
  // The first octet of the id names the shard, so that any other shard knows where to bring the next request.
  auto session =
      std::make_unique<Session>(random_id(static_cast<std::uint8_t>(shard.index())), Handshake(request, shard.clock().wall()),
                                options_, shard, table, make_handler_(shard));
  Session& added = table.add(std::move(session));
  if (websocket) {
    added.begin_websocket(exchange, switching_protocols(request, *agreement), agreement->deflate);
  } else {
    added.begin_polling(exchange);
  }
}

void Engine::continue_session(const std::shared_ptr<http::Exchange>& exchange, const std::string& id, bool websocket) {
  const auto home = first_octet_of(id);
  if (!home || *home >= shards_.size()) return refuse(*exchange, RequestError::unknown_session);
  if (*home != exchange->shard().index()) {
    exchange->move_to(shards_[*home], [this](std::shared_ptr<http::Exchange> moved) { handle(std::move(moved)); });
    return;
  }
  Session* session = tables_[*home]->find(id);
  if (!session) return refuse(*exchange, RequestError::unknown_session);
  const http::Request& request = exchange->request();
  if (request.upgrade) {
    const auto agreement = agree_on_deflate(request, options_);
    if (!websocket || !is_websocket_handshake(request) || !agreement) return refuse(*exchange, RequestError::bad_request);
    session->on_second_websocket(exchange, switching_protocols(request, *agreement), agreement->deflate);
    return;
  }
  if (websocket || (session->open() && session->transport_name() != "polling")) {
    return refuse(*exchange, RequestError::bad_request);
  }
  session->on_request(exchange);
}

void Engine::shut_down(net::Shard& shard) { tables_[shard.index()]->close_all(CloseReason::server_shutting_down); }

}  // namespace atrium::engineio
