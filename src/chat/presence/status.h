#pragma once

#include <boost/describe.hpp>
#include <cstdint>

namespace atrium::chat {

/// How somebody is, or is shown.
enum class Status : std::uint8_t {
  offline,
  away,    ///< connected, but without a sign of life for a while
  online,
  dnd,        ///< does not want to be disturbed
  invisible,  ///< connected, and offline for everybody but himself
};
BOOST_DESCRIBE_ENUM(Status, offline, away, online, dnd, invisible)

/// What others are shown.
constexpr Status shown_to_others(Status status) { return status == Status::invisible ? Status::offline : status; }

}  // namespace atrium::chat
