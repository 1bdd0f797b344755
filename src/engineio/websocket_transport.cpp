#include "engineio/websocket_transport.h"

#include "websocket/frame.h"

namespace atrium::engineio {

using websocket::CloseCode;
using websocket::Opcode;

WebSocketTransport::WebSocketTransport(TransportOwner* owner, std::size_t max_payload, std::size_t max_buffered,
                                       const websocket::DeflateOptions* deflate)
    : owner_(owner),
      parser_(max_payload, deflate ? websocket::Coding::deflated : websocket::Coding::plain),
      max_buffered_(max_buffered),
      deflate_(deflate) {}

void WebSocketTransport::on_open(net::Connection& connection) {
  connection_ = &connection;
  connection_->set_outbox_limit(max_buffered_);
  if (owner_) {
    owner_->on_transport_open(*this);
  } else {
    say_goodbye(CloseCode::no_status, {});
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
    case Opcode::text: {
      const auto packet = decode_text(message.payload);
      if (packet) {
        owner_->on_packet(*this, *packet);
      } else {
        fail(CloseCode::normal, {}, CloseReason::parse_error);
      }
      return;
    }
    case Opcode::binary:
      owner_->on_packet(*this, {.type = PacketType::message, .data = message.payload, .binary = true});
      return;
    case Opcode::ping:
      connection_->send(Bytes(websocket::encode_frame(Opcode::pong, message.payload)));
      return;
    case Opcode::close:
      fail(CloseCode::normal, {}, CloseReason::transport_close);
      return;
    default:
      return;  // a pong that nobody asked for is allowed (RFC 6455 5.5.3)
  }
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
