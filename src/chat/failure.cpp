#include "chat/failure.h"

namespace atrium::chat {

Failure to_failure(storage::StoreError error) {
  switch (error) {
    case storage::StoreError::not_found:
      return failures::message_not_found();
    case storage::StoreError::name_taken:
      return failures::channel_name_exists();
    case storage::StoreError::not_author:
      return failures::not_message_author();
    case storage::StoreError::idempotency_conflict:
      return failures::idempotency_key_reused();
    case storage::StoreError::channel_not_found:
      return failures::channel_not_found();
    case storage::StoreError::email_taken:
      return failures::email_already_exists();
    case storage::StoreError::rev_conflict:
      return failures::revision_conflict();
    case storage::StoreError::unavailable:
      return failures::unavailable();
  }
  return failures::unavailable();
}

std::optional<std::uint64_t> retry_after_ms(const Failure& failure) {
  if (!failure.retry_after) return std::nullopt;
  return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::milliseconds>(*failure.retry_after).count());
}

}  // namespace atrium::chat
