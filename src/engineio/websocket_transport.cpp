#include "engineio/websocket_transport.h"

#include "websocket/frame.h"

namespace atrium::engineio {

using websocket::CloseCode;
using websocket::Opcode;

struct WebSocketTransport::Pause {
  explicit Pause(WebSocketTransport& transport) : end([&transport] { transport.end_pause(); }) {}

  net::Deadline end;
  std::vector<Bytes> frames;
  std::size_t size = 0;
};

WebSocketTransport::WebSocketTransport(TransportOwner* owner, const Wire& wire, std::size_t max_payload,
                                       std::size_t max_buffered, Duration max_stall, const websocket::DeflateOptions* deflate)
    : owner_(owner),
      wire_(wire),
      parser_(max_payload, deflate ? websocket::Coding::deflated : websocket::Coding::plain),
      max_buffered_(max_buffered),
      max_stall_(max_stall),
      deflate_(deflate) {}

WebSocketTransport::~WebSocketTransport() = default;

void WebSocketTransport::on_open(net::Connection& connection) {
  connection_ = &connection;
  connection_->set_outbox_limit(max_buffered_);
  connection_->set_stall_limit(max_stall_);
  if (wire_.revision == Revision::v3 && owner_) {
    pause_ = std::make_unique<Pause>(*this);
    connection_->shard().deadlines().arm(pause_->end, kPause);
  }
  if (owner_) {
    owner_->on_transport_open(*this);
  } else {
    say_goodbye(CloseCode::no_status, {});
  }
}

std::size_t WebSocketTransport::buffered() const { return connection_->pending() + (pause_ ? pause_->size : 0); }

void WebSocketTransport::write(const Bytes& frames) {
  if (!pause_) return connection_->send(frames);
  pause_->frames.push_back(frames);
  pause_->size += frames.size();
  if (pause_->size > max_buffered_) end_pause();  // the connection has a bound of its own
}

void WebSocketTransport::end_pause() {
  if (const auto pause = std::exchange(pause_, nullptr)) {
    for (const Bytes& frames : pause->frames) connection_->send(frames);
  }
}

void WebSocketTransport::on_bytes(std::span<char> bytes) {
  if (!owner_) return;
  parser_.feed(bytes);
  while (owner_) {
    const auto message = parser_.next();
    if (!message) break;
    receive(*message);
  }
  if (owner_ && parser_.error()) fail(*parser_.error(), parser_.error_text(), CloseReason::transport_error);
}

void WebSocketTransport::receive(const websocket::Message& message) {
  switch (message.opcode) {
    case Opcode::text:
    case Opcode::binary: {
      std::string octets;
      const auto packet = decode(message, octets);
      if (packet) {
        owner_->on_packet(*this, *packet);
      } else {
        fail(CloseCode::normal, {}, CloseReason::parse_error);
      }
      return;
    }
    case Opcode::ping:
      write(Bytes(websocket::encode_frame(Opcode::pong, message.payload)));
      return;
    case Opcode::close:
      fail(CloseCode::normal, {}, CloseReason::transport_close);
      return;
    default:
      return;  // a pong that nobody asked for is allowed (RFC 6455 5.5.3)
  }
}

std::optional<Packet> WebSocketTransport::decode(const websocket::Message& message, std::string& octets) const {
  std::string_view payload = message.payload;
  if (message.opcode == Opcode::text) return decode_packet(payload, wire_.revision, octets);
  if (wire_.revision == Revision::v3) {
    if (!payload.starts_with(kBinaryMessage)) return std::nullopt;
    payload.remove_prefix(1);
  }
  return Packet{.type = PacketType::message, .data = payload, .binary = true};
}

void WebSocketTransport::on_drained() {
  if (owner_) owner_->on_transport_drained(*this);
}

void WebSocketTransport::close() {
  if (!owner_) return;
  owner_ = nullptr;
  say_goodbye(CloseCode::no_status, {});
}

void WebSocketTransport::fail(CloseCode code, std::string_view why, CloseReason reason) {
  say_goodbye(code, why);
  std::exchange(owner_, nullptr)->on_transport_end(*this, reason);
}

void WebSocketTransport::say_goodbye(CloseCode code, std::string_view why) {
  end_pause();
  connection_->send(Bytes(websocket::encode_close(code, why)));
  connection_->close_draining();
}

void WebSocketTransport::on_closed(net::CloseCause cause) {
  if (!owner_) return;
  const bool by_peer = cause == net::CloseCause::by_peer;
  std::exchange(owner_, nullptr)
      ->on_transport_end(*this, by_peer ? CloseReason::transport_close : CloseReason::transport_error);
}

}  // namespace atrium::engineio
