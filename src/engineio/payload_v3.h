#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engineio/packet.h"

namespace atrium::engineio {

/// How Engine.IO 3 puts packets into one HTTP body (protocol page of revision 3, "Payload"):
///
///    text   = 1*( length ":" packet )         packet = text packet / "b4" base64
///                                             length in UTF-16 code units of the packet, as JavaScript counts
///    octets = 1*( kind 1*digit %xff packet )  kind = %x00: a text packet / %x01: %x04 and the octets of a message
///                                             digit = %x00-09; length in octets
enum class PayloadForm : std::uint8_t { text, octets };

/// Reads the packets of one body, in order. Lives as long as the request that it reads.
class PayloadReaderV3 final {
 public:
  /// `body` must outlive the reader.
  PayloadReaderV3(std::string_view body, PayloadForm form) : rest_(body), form_(form) {}
  PayloadReaderV3(const PayloadReaderV3&) = delete;
  PayloadReaderV3& operator=(const PayloadReaderV3&) = delete;

  /// The next packet, whose data is good until the following call. None at the end, and at the first bad packet.
  std::optional<Packet> next();

  /// The reading stopped at something that is no packet, at text that is not UTF-8, or at an empty body.
  bool failed() const { return failed_; }

 private:
  std::optional<Packet> next_of_text();
  std::optional<Packet> next_of_octets();

  std::string_view rest_;
  const PayloadForm form_;
  std::string octets_;  ///< of the last packet in base64
  bool begun_ = false;
  bool failed_ = false;
};

/// Appends a text packet, or one in base64, to a body of text.
void append_to_text(std::string& body, std::string_view packet);
/// Appends a text packet to a body of octets.
void append_to_octets(std::string& body, std::string_view packet);
/// Appends a message of octets to a body of octets.
void append_message_to_octets(std::string& body, std::string_view octets);

/// Opens a packet of octets that is a message: a WebSocket's binary frame, and a packet of kind %x01.
inline constexpr char kBinaryMessage = '\x04';

}  // namespace atrium::engineio
