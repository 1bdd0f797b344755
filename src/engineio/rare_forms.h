#pragma once

#include <array>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "engineio/payload_v3.h"
#include "engineio/wire.h"

namespace atrium::engineio {

/// The forms of a message that few clients take: those of Engine.IO 3, and octets as base64 in WebSocket frames. Each is made
/// when the first session asks for it, and shared by all. Part of its message; any thread.
class RareForms final {
 public:
  /// What the message is made of, which outlives this: a text packet (empty: none), and the binary messages that follow it.
  RareForms(std::string_view text_packet, const std::vector<Bytes>& attachments)
      : text_packet_(text_packet), attachments_(attachments) {}

  /// Whole, unmasked WebSocket frames.
  const Bytes& websocket_frames(const Wire& wire) const;
  /// A part of a payload of Engine.IO 3.
  std::string_view payload(PayloadForm form) const;

 private:
  template <class Made>
  struct Lazy {
    std::once_flag once;
    Made made;
  };

  std::string encode_frames(const Wire& wire) const;
  std::string encode_payload(PayloadForm form) const;

  const std::string_view text_packet_;
  const std::vector<Bytes>& attachments_;
  mutable std::array<Lazy<Bytes>, 3> frames_;  ///< octets of revision 3, base64 of revision 3, base64 of revision 4
  mutable std::array<Lazy<std::string>, 2> payloads_;
};

}  // namespace atrium::engineio
