#include "storage/store_error.h"

namespace atrium::storage {

std::string_view to_string(StoreError error) {
  switch (error) {
    case StoreError::not_found:
      return "there is no such record";
    case StoreError::name_taken:
      return "another channel of the workspace has this name";
    case StoreError::not_author:
      return "only its author may change a message";
    case StoreError::idempotency_conflict:
      return "this clientMsgId was used for another message";
    case StoreError::channel_not_found:
      return "there is no such channel";
    case StoreError::email_taken:
      return "somebody else has this e-mail address";
    case StoreError::rev_conflict:
      return "the message has been changed since";
    case StoreError::unavailable:
      return "the database cannot answer now";
  }
  return "the database cannot answer now";
}

}  // namespace atrium::storage
