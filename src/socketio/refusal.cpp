#include "socketio/refusal.h"

namespace atrium::socketio {

Refusal invalid_payload(const std::string& event, const FieldError& error) {
  const std::string subject = error.field.empty() ? "The payload of " + event : "'" + error.field + "' of " + event;
  return Refusal("VALIDATION_FAILED", subject + " " + error.message + ".", error.field);
}

}  // namespace atrium::socketio
