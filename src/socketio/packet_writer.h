#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engineio/shared_message.h"
#include "socketio/outgoing.h"
#include "socketio/packet.h"

namespace atrium::socketio {

/// How packets are written: what the server's clients must speak too.
enum class Parser : std::uint8_t {
  json,     ///< socket.io-parser, the default of every client
  msgpack,  ///< socket.io-msgpack-parser
};

/// Encodes packets, each once and ready for any transport. A value; any thread.
class PacketWriter final {
 public:
  explicit PacketWriter(Parser parser = Parser::json) : parser_(parser) {}
  Parser parser() const { return parser_; }

  engineio::SharedMessagePtr encode(const Packet& packet, bool compress = true) const;
  /// `event`: the whole array, its first element the name. `offset`: one argument more, unless it is empty.
  engineio::SharedMessagePtr encode_event(std::string_view nsp, std::optional<std::uint64_t> ack_id, const Outgoing& event,
                                          std::string_view offset = {}, bool compress = true) const;

 private:
  Parser parser_;
};

}  // namespace atrium::socketio
