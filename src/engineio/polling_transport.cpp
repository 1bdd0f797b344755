#include "engineio/polling_transport.h"

#include "engineio/payload.h"

namespace atrium::engineio {

http::Headers polling_headers(const http::Request& request, std::string_view content_type) {
  http::Headers headers{{"Content-Type", std::string(content_type)}, {"Cache-Control", "no-store"}};
  const std::string_view agent = request.header("user-agent").value_or("");
  // Old Internet Explorers would otherwise take a payload for an attack.
  if (agent.find(";MSIE") != agent.npos || agent.find("Trident/") != agent.npos) headers.emplace_back("X-XSS-Protection", "0");
  return headers;
}

PollingTransport::PollingTransport(TransportOwner& owner, net::Shard& shard, std::size_t max_buffered,
                                   const http::CompressionOptions* compression)
    : owner_(&owner), shard_(shard), max_buffered_(max_buffered), compression_(compression), end_of_turn_([this] {
        end_turn();
      }) {}

PollingTransport::~PollingTransport() { release_poll(); }

void PollingTransport::respond(const std::shared_ptr<http::Exchange>& exchange, std::string payload, Compress compress) {
  http::Response response{
      .status = 200, .headers = polling_headers(exchange->request(), "text/plain; charset=UTF-8"), .body = std::move(payload)};
  if (compression_ && compress == Compress::yes && response.body.size() >= compression_->threshold) {
    const auto coding = http::choose_coding(exchange->request().headers);
    if (coding != http::ContentCoding::identity) {
      response.headers.emplace_back("Content-Encoding", to_string(coding));
      response.body = http::encode_content(std::move(response.body), coding, compression_->effort);
    }
  }
  exchange->respond(std::move(response));
}

void PollingTransport::send(const SharedMessagePtr& message) {
  if (overflowed_) return;
  waiting_octets_ += message->polling_payload().size();
  waiting_.push_back(message);
  // A sender may be walking the members of a room, so the end of a slow client waits until the turn is over.
  overflowed_ = waiting_octets_ > max_buffered_ && waiting_.size() > 1;
  if ((parked_ || overflowed_) && !end_of_turn_.armed()) shard_.deadlines().arm(end_of_turn_, Duration::zero());
}

void PollingTransport::end_turn() {
  if (overflowed_) {
    end(CloseReason::transport_error);
  } else {
    flush();
  }
}

void PollingTransport::flush() {
  if (!parked_ || waiting_.empty()) return;
  std::string payload;
  payload.reserve(waiting_octets_ + waiting_.size());
  auto compress = Compress::no;  // one message that may be compressed is enough, as with Node
  for (const auto& message : waiting_) {
    if (message->compress() == Compress::yes) compress = Compress::yes;
    if (!payload.empty()) payload.push_back(kSeparator);
    payload += message->polling_payload();
  }
  take_waiting();
  respond(std::exchange(parked_, nullptr), std::move(payload), compress);
}

void PollingTransport::close() {
  if (!owner_) return;
  owner_ = nullptr;
  if (parked_ && waiting_.empty()) {
    respond(std::exchange(parked_, nullptr), encode_text(PacketType::close, {}));
    return;
  }
  farewell_ = Farewell::noop_and_close;  // for the GET that follows the last messages
  flush();
}

void PollingTransport::end_by_client() {
  owner_ = nullptr;
  if (parked_) {
    release_poll();
  } else {
    farewell_ = Farewell::noop;
  }
}

void PollingTransport::on_poll(std::shared_ptr<http::Exchange> exchange) {
  if (parked_) {
    // Two at once: the first is told to stop, the second is refused (Engine.IO 4, "HTTP long-polling").
    respond(std::exchange(parked_, nullptr), encode_text(PacketType::close, {}));
    exchange->respond({.status = 400, .headers = {}, .body = {}});
    end(CloseReason::transport_error);
    return;
  }
  parked_ = std::move(exchange);
  parked_->on_abandoned([this] {
    parked_ = nullptr;
    end(CloseReason::transport_error);
  });
  if (!waiting_.empty()) {
    flush();
  } else if (owes_farewell()) {
    std::string payload = encode_text(PacketType::noop, {});
    if (std::exchange(farewell_, Farewell::none) == Farewell::noop_and_close)
      payload += kSeparator + encode_text(PacketType::close, {});
    respond(std::exchange(parked_, nullptr), std::move(payload));
  }
}

void PollingTransport::on_post(const std::shared_ptr<http::Exchange>& exchange) {
  if (exchange->request().header("content-type").value_or("") == "application/octet-stream") {
    exchange->respond({.status = 400, .headers = {}, .body = {}});
    end(CloseReason::transport_error);
    return;
  }
  PayloadReader reader(exchange->request().body);
  while (owner_) {
    const auto item = reader.next();
    if (!item) break;
    owner_->on_packet(*this, item->packet);
  }
  if (reader.failed()) {
    exchange->respond({.status = 400, .headers = polling_headers(exchange->request(), "text/html"), .body = {}});
    end(CloseReason::parse_error);
    return;
  }
  exchange->respond({.status = 200, .headers = polling_headers(exchange->request(), "text/html"), .body = "ok"});
}

void PollingTransport::release_poll() {
  if (parked_) respond(std::exchange(parked_, nullptr), encode_text(PacketType::noop, {}));
}

std::vector<SharedMessagePtr> PollingTransport::take_waiting() {
  waiting_octets_ = 0;
  return std::exchange(waiting_, {});
}

void PollingTransport::end(CloseReason reason) {
  if (owner_) std::exchange(owner_, nullptr)->on_transport_end(*this, reason);
}

}  // namespace atrium::engineio
