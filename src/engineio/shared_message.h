#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "engineio/packet.h"
#include "engineio/rare_forms.h"
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
  const Bytes& websocket_frames(const Wire& wire) const {
    return is_common(wire) ? frames_ : rare_forms().websocket_frames(wire);
  }
  /// The same for receivers that agreed on permessage-deflate, compressed where that is allowed, worth it by the threshold and
  /// makes it shorter; made when the first of them asks, by its options, and shared by all. Whoever asks meanwhile waits, which
  /// takes no longer than compressing it again. The rare forms of old clients go as they are.
  const Bytes& deflated_frames(const websocket::DeflateOptions& options) const;
  const Bytes& deflated_frames(const Wire& wire, const websocket::DeflateOptions& options) const {
    return is_common(wire) ? deflated_frames(options) : websocket_frames(wire);
  }
  /// Packets joined by the record separator: a polling payload, or a part of one.
  std::string_view polling_payload() const;
  /// The same for Engine.IO 3, whose packets are joined by nothing.
  std::string_view polling_payload_v3(PayloadForm form) const { return rare_forms().payload(form); }
  /// Packets in it: the text and each attachment.
  std::size_t packet_count() const { return (text_size_ > 0 ? 1 : 0) + attachments_.size(); }
  /// Octets of the data of these packets, in no transport's encoding.
  std::size_t data_size() const;
  Compress compress() const { return compress_; }
  /// The text packet, with its digit of the engine; empty where there is none.
  std::string_view text_packet() const { return frames_.view().substr(text_at_, text_size_); }
  const std::vector<Bytes>& attachments() const { return attachments_; }
  bool has_octets() const { return !attachments_.empty(); }

 private:
  /// The forms that are made when somebody first asks for them.
  struct Asked {
    std::once_flag joined_once;
    std::string joined;  ///< of polling sessions, only with attachments
    std::once_flag deflated_once;
    Bytes deflated;
    std::once_flag rare_once;
    std::unique_ptr<const RareForms> rare;
  };

  SharedMessage(PacketType type, std::string_view text, bool has_text, std::vector<Bytes> attachments, Compress compress);
  bool is_common(const Wire& wire) const { return attachments_.empty() || (wire.revision == Revision::v4 && !wire.base64); }
  std::size_t longest_packet() const;
  std::string deflate(const websocket::DeflateOptions& options) const;
  const RareForms& rare_forms() const;
  Asked& asked() const;

  Bytes frames_;
  const Compress compress_;
  std::size_t text_at_ = 0;  ///< where the text packet stands in frames_: its polling form is the same octets
  std::size_t text_size_ = 0;
  std::vector<Bytes> attachments_;
  mutable std::once_flag asked_once_;
  mutable std::unique_ptr<Asked> asked_;  ///< of most messages there is none
};

}  // namespace atrium::engineio
