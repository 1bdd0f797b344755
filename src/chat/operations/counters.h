#pragma once

#include <atomic>
#include <cstdint>

namespace atrium::chat {

/// What is counted for whoever watches over the server. From any shard; each figure by itself is right, together they are no
/// moment.
struct Counters {
  std::atomic<std::uint64_t> events = 0;      ///< of clients
  std::atomic<std::uint64_t> welcomes = 0;    ///< sockets that were let in
  std::atomic<std::uint64_t> recoveries = 0;  ///< sockets that came back to where they were
  std::atomic<std::uint64_t> messages = 0;    ///< that were said
  std::atomic<std::uint64_t> presence_repairs =
      0;                                     ///< entries that the audit mended: 0, unless there is a mistake in this program
  std::atomic<std::uint64_t> seq_holes = 0;  ///< that the last look found: likewise
};

}  // namespace atrium::chat
