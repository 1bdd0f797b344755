#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "socketio/episode.h"
#include "socketio/outgoing.h"
#include "storage/records.h"

namespace atrium::chat {

/// One event about a message as a room gets it, with its place among the others. Immutable, shared by whoever waits with it.
struct MessageFrame {
  enum class Kind { created, edited, deleted };
  BOOST_DESCRIBE_NESTED_ENUM(Kind, created, edited, deleted)

  Kind kind = Kind::created;
  std::uint64_t seq = 0;
  std::uint64_t mod_seq = 0;
  std::shared_ptr<const socketio::Outgoing> event;
  socketio::Episode episode;  ///< that the message stands
};

/// message:new. The count of messages has no gaps, so the one before it is known.
MessageFrame frame_of_new(const storage::Message& message);
/// message:edited
MessageFrame frame_of_edit(const storage::Message& message);
/// message:deleted
MessageFrame frame_of_deletion(const storage::Message& message);
MessageFrame frame_of(MessageFrame::Kind kind, const storage::Message& message);
/// What is told of a message as it stands in the database, each step at its place: that it has come, if that was after
/// `since`, though its content may be gone, and its last change.
std::vector<MessageFrame> steps_since(std::uint64_t since, const storage::Message& message);

}  // namespace atrium::chat
