#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "websocket/close_code.h"
#include "websocket/frame.h"

namespace atrium::websocket {

/// What the peer said: a whole text or binary message, put together from its fragments, or a control frame.
/// A close frame's payload is empty, or a valid code in two octets and a reason in UTF-8.
struct Message {
  Opcode opcode;
  std::string_view payload;
};

/// Frames of a client out of octets (RFC 6455, section 5). No I/O. feed(), then next() until none.
///
///     0 1 2 3 4 5 6 7   8 9 ...                                              mask (4 octets)   payload, masked
///    |F|R R R|opcode | |1| length 7 bits, 126 + 16 bits, 127 + 64 bits |
///
/// Frames that lie whole in what was fed are unmasked and handed out where they lie; only an unfinished frame and the
/// fragments of an unfinished message are copied, and given back as soon as they are read, so an idle connection owns none.
/// A compressed message is kept compressed until it is whole, then inflated at once (websocket/deflate.h).
class FrameParser final {
 public:
  /// A longer message, or what its first frames announce to become one, is an error before it is received; a compressed one
  /// at the latest when more than that has come out of it. `allowed` says what was agreed on: with Coding::deflated, messages
  /// may come by permessage-deflate (RFC 7692), from a client that takes no context over.
  explicit FrameParser(std::size_t max_payload, Coding allowed = Coding::plain)
      : max_payload_(max_payload), allowed_(allowed) {}
  FrameParser(const FrameParser&) = delete;
  FrameParser& operator=(const FrameParser&) = delete;

  /// Borrows `octets`, and writes to them, until next() returns none. Then feed() may be called again.
  void feed(std::span<char> octets);

  /// The next message; its payload stays as it is until the following next() or feed().
  /// None when more octets are needed, after an error, and after a close frame: nothing may follow that.
  std::optional<Message> next();

  /// What the peer did wrong, to be told to it in a close frame. Once there is one, it stays.
  std::optional<CloseCode> error() const;
  std::string_view error_text() const { return error_text_; }

  /// Octets held for a message that is not whole yet.
  std::size_t buffered() const { return in_.size() + frame_.size() + message_.size(); }

 private:
  struct Header;
  struct Frame;

  std::optional<Frame> next_frame();
  std::optional<Header> read_header(std::string_view octets);
  bool check_start(std::uint8_t first, std::uint8_t second);
  std::optional<Message> receive_control(const Frame& frame);
  std::optional<Message> receive_data(const Frame& frame);
  std::optional<Message> deliver(Opcode opcode, std::string_view payload, Coding coding);
  std::size_t max_received(Coding coding) const;
  void release_delivered();
  void fail(CloseCode code, std::string_view text);

  const std::size_t max_payload_;
  std::span<char> in_;   ///< borrowed, not read yet
  std::string frame_;    ///< a frame that was cut by the end of what was fed
  std::string message_;  ///< the fragments of a message so far, unmasked; what a compressed message was inflated to
  std::string_view error_text_;
  CloseCode error_ = CloseCode::no_status;    ///< no_status: none
  Opcode fragmented_ = Opcode::continuation;  ///< of the message in message_; continuation: none is begun
  Coding coding_ = Coding::plain;             ///< of that message
  const Coding allowed_;
  bool frame_whole_ = false;    ///< frame_ has been handed out
  bool message_whole_ = false;  ///< message_ has been handed out
  bool closed_ = false;
};

}  // namespace atrium::websocket
