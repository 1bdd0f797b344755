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
    case storage::StoreError::unavailable:
      return failures::unavailable();
  }
  return failures::unavailable();
}

}  // namespace atrium::chat
