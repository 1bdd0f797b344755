#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "engineio/packet.h"
#include "websocket/deflate.h"

namespace atrium::engineio {

class SharedMessage;
using SharedMessagePtr = std::shared_ptr<const SharedMessage>;

/// Whether a message may be compressed where a transport does that (Node's `compress` flag).
enum class Compress : bool { no, yes };

/// What is sent to one or to a million sessions: encoded once for each kind of transport, shared by reference on all shards.
/// Immutable; any thread.
class SharedMessage final {
 public:
  /// A message packet of text, and the binary messages that must follow it without anything in between.
  static SharedMessagePtr message(std::string_view text, std::vector<Bytes> attachments = {},
                                  Compress compress = Compress::yes);
  static SharedMessagePtr binary(Bytes octets, Compress compress = Compress::yes);
  /// A packet of the engine itself: ping, pong, noop, close, open.
  static SharedMessagePtr packet(PacketType type, std::string_view data = {});

  /// Whole, unmasked WebSocket frames (RFC 6455), ready for the wire.
  const Bytes& websocket_frames() const { return frames_; }
  /// The same for receivers that agreed on permessage-deflate, compressed where that is allowed, worth it by the threshold and
  /// makes it shorter; made when the first of them asks, by its options, and shared by all. Whoever asks meanwhile waits, which
  /// takes no longer than compressing it again.
  const Bytes& deflated_frames(const websocket::DeflateOptions& options) const;
  /// Packets joined by the record separator: a polling payload, or a part of one.
  std::string_view polling_payload() const;
  Compress compress() const { return compress_; }
  /// Packets in it: the text and each attachment.
  std::size_t packet_count() const { return (text_size_ > 0 ? 1 : 0) + attachments_.size(); }

 private:
  SharedMessage(PacketType type, std::string_view text, bool has_text, std::vector<Bytes> attachments, Compress compress);
  std::size_t longest_packet() const;
  std::string deflate(const websocket::DeflateOptions& options) const;

  Bytes frames_;
  const Compress compress_;
  std::size_t text_at_ = 0;  ///< where the text packet stands in frames_: its polling form is the same octets
  std::size_t text_size_ = 0;
  std::vector<Bytes> attachments_;
  mutable std::once_flag joined_once_;
  mutable std::string joined_;  ///< only with attachments, made when a polling session first asks
  mutable std::once_flag deflated_once_;
  mutable Bytes deflated_;
};

}  // namespace atrium::engineio
