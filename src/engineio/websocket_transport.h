#pragma once

#include <memory>

#include "engineio/transport.h"
#include "net/connection.h"
#include "websocket/frame_parser.h"

namespace atrium::engineio {

/// Engine.IO over one WebSocket: a text frame is one packet, a binary frame one binary message (Engine.IO 4, "WebSocket"),
/// which in Engine.IO 3 opens with an octet for its type.
/// Owned by its connection; the owner must outlive it or let it go by close().
class WebSocketTransport final : public net::Protocol, public Transport {
 public:
  /// `deflate` outlives it; with null, nothing is compressed in either direction.
  /// Without an owner it only says goodbye, politely, to a client that has no use for this connection.
  WebSocketTransport(TransportOwner* owner, const Wire& wire, std::size_t max_payload, std::size_t max_buffered,
                     Duration max_stall, const websocket::DeflateOptions* deflate);
  ~WebSocketTransport() override;

  std::string_view name() const override { return "websocket"; }
  void send(const SharedMessagePtr& message) override {
    write(deflate_ ? message->deflated_frames(wire_, *deflate_) : message->websocket_frames(wire_));
  }
  bool writable() const override { return connection_->writable(); }
  std::size_t buffered() const override;
  bool keeps_up() const override { return connection_->writable(); }
  void close() override;

  void on_open(net::Connection& connection) override;
  void on_bytes(std::span<char> bytes) override;
  void on_drained() override;
  void on_closed(net::CloseCause cause) override;

  /// For which an Engine.IO 3 client gets nothing after its 101. Some begin to listen only once they have seen that, and miss
  /// what comes with it in one read; the suite of the protocol is one of them.
  static constexpr Duration kPause = std::chrono::milliseconds(10);

 private:
  struct Pause;

  void write(const Bytes& frames);
  void end_pause();
  void receive(const websocket::Message& message);
  /// None when it is no packet. Its data lies in `message`, or decoded in `octets`.
  std::optional<Packet> decode(const websocket::Message& message, std::string& octets) const;
  /// Says goodbye to the peer with `code` and tells the owner that the transport is over.
  void fail(websocket::CloseCode code, std::string_view why, CloseReason reason);
  void say_goodbye(websocket::CloseCode code, std::string_view why);

  TransportOwner* owner_;  ///< null once it needs no more calls
  net::Connection* connection_ = nullptr;
  const Wire wire_;
  websocket::FrameParser parser_;
  const std::size_t max_buffered_;
  const Duration max_stall_;
  const websocket::DeflateOptions* const deflate_;
  std::unique_ptr<Pause> pause_;  ///< while there is one
};

}  // namespace atrium::engineio
