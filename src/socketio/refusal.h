#pragma once

#include <exception>
#include <string>

#include "base/describe.h"

namespace atrium::socketio {

/// Why a handler does not do what an event asks for: thrown, or returned as the error of a Result. The client is told, in the
/// acknowledgement where it asked for one, else by an `error` event; the connection goes on.
class Refusal final : public std::exception {
 public:
  Refusal() = default;  // as the error of a Result must be able to
  Refusal(std::string code, std::string message, std::string field = {})
      : code_(std::move(code)), message_(std::move(message)), field_(std::move(field)) {}

  const std::string& code() const { return code_; }        ///< for programs: "CHANNEL_NOT_FOUND"
  const std::string& message() const { return message_; }  ///< a sentence for people
  const std::string& field() const { return field_; }      ///< of the payload, when one is to blame: "items.2.name"
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string code_;
  std::string message_;
  std::string field_;
};

/// "VALIDATION_FAILED", in words that name the event and the field.
Refusal invalid_payload(const std::string& event, const FieldError& error);

}  // namespace atrium::socketio
