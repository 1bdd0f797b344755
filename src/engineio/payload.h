#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engineio/packet.h"

namespace atrium::engineio {

/// Packets in one HTTP body (Engine.IO 4, "Packet encoding"):
///
///    payload = packet *( 0x1e packet )      packet = text packet / "b" base64
inline constexpr char kSeparator = '\x1e';

/// Reads the packets of one body, in order. Lives as long as the request that it reads.
class PayloadReader final {
 public:
  /// `body` must outlive the reader.
  explicit PayloadReader(std::string_view body) : rest_(body) {}
  PayloadReader(const PayloadReader&) = delete;
  PayloadReader& operator=(const PayloadReader&) = delete;

  /// The next packet, whose data is good until the following call. None at the end, and at the first bad packet.
  std::optional<Packet> next();

  /// The reading stopped at something that is no packet, at text that is not UTF-8, or at an empty body.
  bool failed() const { return failed_; }

 private:
  std::optional<Packet> decode(std::string_view encoded);

  std::string_view rest_;
  std::string octets_;  ///< of the last binary packet
  bool over_ = false;
  bool failed_ = false;
};

}  // namespace atrium::engineio
