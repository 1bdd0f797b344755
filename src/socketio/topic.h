#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace atrium::socketio {

/// What an event does to the thing that it tells about.
enum class Turn : std::uint8_t { begins, changes, ends };

/// The thing that an event tells about: somebody is online, types, a message stands. Said with an event for the sake of clients
/// that are recovered: who missed that a thing began and that it ended, or the other way round, is told neither, and nobody is
/// told how a thing changed that has ended since. Turns of one topic alternate for each client; clients never see the name.
struct Topic {
  std::string name;
  Turn turn;
};
using TopicPtr = std::shared_ptr<const Topic>;

}  // namespace atrium::socketio
