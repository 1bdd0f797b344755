#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "socketio/packet.h"
#include "socketio/packet_rules.h"

namespace atrium::socketio {

/// Packets out of the messages of one connection, and back together with their attachments. No I/O.
///
///    packet = type [count "-"] [nsp ","] [id] [json]
///
/// nsp opens with "/" and runs to "," or to the end; count is there for the two binary types alone, which that many binary
/// messages follow. After an error the connection is to be closed; the decoder is then of no more use.
class PacketDecoder final {
 public:
  explicit PacketDecoder(std::size_t max_attachments = 10) : max_attachments_(max_attachments) {}

  /// The packet that is whole with this message; none when its attachments are still to come.
  Result<std::optional<Packet>, DecodeError> feed_text(std::string_view text);
  Result<std::optional<Packet>, DecodeError> feed_binary(std::string_view octets);

  bool waiting_for_attachments() const { return missing_ > 0; }

 private:
  const std::size_t max_attachments_;
  std::size_t missing_ = 0;  ///< attachments of pending_ that have not come
  std::optional<Packet> pending_;
};

}  // namespace atrium::socketio
