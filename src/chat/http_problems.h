#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "chat/failure.h"
#include "storage/store_error.h"
#include "web/problem.h"

namespace atrium::chat {

/// The same failure in the words of HTTP. A handler that returns an Outcome is answered with it.
inline web::Problem to_problem(const Failure& failure) {
  std::vector<FieldError> errors;
  if (!failure.field.empty()) errors.push_back({failure.field, failure.message});
  http::Headers headers;
  if (const auto wait = retry_after_ms(failure)) headers.emplace_back("Retry-After", std::to_string((*wait + 999) / 1000));
  return web::Problem(failure.status, failure.code, failure.message, std::move(errors), std::move(headers));
}

/// For the router: a database that takes nothing is no mistake of ours.
inline std::optional<web::Problem> explain(const std::exception& error) {
  if (dynamic_cast<const storage::StoreUnavailable*>(&error)) return to_problem(failures::unavailable());
  return std::nullopt;
}

}  // namespace atrium::chat
