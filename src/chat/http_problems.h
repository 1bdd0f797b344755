#pragma once

#include "chat/failure.h"
#include "web/json_body.h"
#include "web/problem.h"

namespace atrium::chat {

/// The same failure in the words of HTTP.
inline web::Problem to_problem(const Failure& failure) {
  std::vector<FieldError> errors;
  if (!failure.field.empty()) errors.push_back({failure.field, failure.message});
  return web::Problem(failure.status, failure.code, failure.message, std::move(errors));
}

/// The value, or the failure as an exception that the router answers with.
template <class T>
T value_or_throw(Outcome<T> outcome) {
  if (!outcome) throw to_problem(outcome.error());
  return std::move(*outcome);
}

/// The body of a request as the struct T.
template <class T>
T parse_body(const http::Request& request) {
  return value_or_throw(parse<T>(web::parse_json_body(request)));
}

}  // namespace atrium::chat
