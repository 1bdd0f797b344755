#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace atrium::storage {

/// Why a store refused.
enum class StoreError : std::uint8_t {
  not_found,
  name_taken,
  not_author,
  idempotency_conflict,  ///< the sender used this client_msg_id for another message
  channel_not_found,
  email_taken,   ///< somebody else has this address
  rev_conflict,  ///< the message is not at the revision that the change was made for
  unavailable,   ///< the database failed, is closed, or has too much waiting; nothing was changed
};

/// The sentence for people; programs compare the value.
std::string_view to_string(StoreError error);

/// StoreError::unavailable where a method returns a plain value. what() is one sentence for the log, not for a client.
class StoreUnavailable final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace atrium::storage
