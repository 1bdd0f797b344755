#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/node_message.h"
#include "socketio/recovery_log.h"

namespace atrium::cluster {

/// Who says what in one namespace of a cluster: between the origins of this node's recovery logs and the names that all nodes
/// understand. On the bus's shard.
class Origins final {
 public:
  /// `own`: this node's id.
  Origins(std::string own, std::size_t shards)
      : own_(std::move(own)), shards_(shards), last_(socketio::RecoveryLog::first_foreign(shards)) {}

  /// The offset here of what the node `from` says at its `place`.
  socketio::Offset heard(const std::string& from, const std::optional<socketio::Offset>& place);
  /// The same of what may have been heard already.
  socketio::Offset known(const std::string& from, const socketio::Offset& place) {
    return {origin_of(from, place.origin), place.number};
  }
  /// What was seen here, in everybody's terms: [[node, "origin.number"], ...].
  json::array tell(const socketio::RecoveryLog::Seen& seen) const;
  /// The same of another node.
  socketio::RecoveryLog::Seen understand(const json::value& told);

  /// The origin here of what is said without a number, and how much of it there was.
  std::uint32_t unnumbered() const { return socketio::RecoveryLog::unnumbered(shards_); }
  std::uint64_t unnumbered_heard() const { return last_[unnumbered()]; }

  static constexpr std::size_t kMax = 10'000;  ///< what others say is without numbers from then on

 private:
  using Name = std::pair<std::string, std::uint32_t>;

  /// unnumbered() when there are too many.
  std::uint32_t origin_of(const std::string& node, std::uint32_t theirs);

  const std::string own_;
  const std::size_t shards_;
  std::map<Name, std::uint32_t> origins_;
  std::vector<Name> names_;           ///< of the foreign origins, in order
  socketio::RecoveryLog::Seen last_;  ///< that was heard
};

}  // namespace atrium::cluster
