#include "http/exchange.h"

#include "base/log.h"
#include "http/http_connection.h"

namespace atrium::http {

Exchange::Exchange(HttpConnection& connection, Request request)
    : shard_(connection.shard()), connection_(&connection), request_(std::move(request)) {}

Exchange::~Exchange() {
  if (!connection_) return;
  if (streaming_) {
    end_stream();
    return;
  }
  log::error("nobody answered {} {}", request_.method, request_.path);
  respond({.status = 500, .headers = {}, .body = {}});
}

void Exchange::respond(Response response) {
  if (!connection_ || streaming_) return;
  std::exchange(connection_, nullptr)->finish(std::move(response), request_);
}

void Exchange::start_stream(Response head) {
  if (!connection_ || streaming_) return;
  streaming_ = true;
  connection_->start_stream(std::move(head), request_);
}

void Exchange::write_stream(std::string_view octets) {
  if (connection_ && streaming_) connection_->write_stream(octets);
}

void Exchange::end_stream() {
  if (connection_ && streaming_) std::exchange(connection_, nullptr)->end_stream(request_.keep_alive);
}

std::size_t Exchange::stream_pending() const { return connection_ ? connection_->pending() : 0; }

void Exchange::upgrade(std::string head, std::unique_ptr<net::Protocol> next) {
  if (connection_) std::exchange(connection_, nullptr)->upgrade(std::move(head), std::move(next));
}

void Exchange::respond_raw_and_close(std::string octets) {
  if (connection_) std::exchange(connection_, nullptr)->finish_raw(std::move(octets));
}

void Exchange::move_to(net::Shard& target, UniqueFunction<void(std::shared_ptr<Exchange>)> go_on) {
  if (connection_) std::exchange(connection_, nullptr)->move_to(target, std::move(request_), std::move(go_on));
}

void Exchange::abandon() {
  connection_ = nullptr;
  if (auto callback = std::exchange(on_abandoned_, {})) callback();
}

}  // namespace atrium::http
