#pragma once

#include "engineio/transport.h"
#include "net/connection.h"
#include "websocket/frame_parser.h"

namespace atrium::engineio {

/// Engine.IO over one WebSocket: a text frame is one packet, a binary frame one binary message (Engine.IO 4, "WebSocket").
/// Owned by its connection; the owner must outlive it or let it go by close().
class WebSocketTransport final : public net::Protocol, public Transport {
 public:
  /// Without an owner it only says goodbye, politely, to a client that has no use for this connection.
  /// `deflate` outlives it; with null, nothing is compressed in either direction.
  WebSocketTransport(TransportOwner* owner, std::size_t max_payload, std::size_t max_buffered,
                     const websocket::DeflateOptions* deflate);

  std::string_view name() const override { return "websocket"; }
  void send(const SharedMessagePtr& message) override {
    connection_->send(deflate_ ? message->deflated_frames(*deflate_) : message->websocket_frames());
  }
  bool writable() const override { return connection_->writable(); }
  std::size_t buffered() const override { return connection_->pending(); }
  void close() override;

  void on_open(net::Connection& connection) override;
  void on_bytes(std::span<char> bytes) override;
  void on_closed(net::CloseCause cause) override;

 private:
  void receive(const websocket::Message& message);
  /// Says goodbye to the peer with `code` and tells the owner that the transport is over.
  void fail(websocket::CloseCode code, std::string_view why, CloseReason reason);
  void say_goodbye(websocket::CloseCode code, std::string_view why);

  TransportOwner* owner_;  ///< null once it needs no more calls
  net::Connection* connection_ = nullptr;
  websocket::FrameParser parser_;
  const std::size_t max_buffered_;
  const websocket::DeflateOptions* const deflate_;
};

}  // namespace atrium::engineio
