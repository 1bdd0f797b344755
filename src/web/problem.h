#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.h"
#include "http/response.h"

namespace atrium::web {

/// A request that cannot be served, in the words of RFC 9457. A handler throws it; the router answers with it.
struct Problem final : std::exception {
  Problem(unsigned http_status, std::string problem_code, std::string for_people = {}, std::vector<FieldError> fields = {},
          http::Headers more_headers = {});

  const char* what() const noexcept override { return code.c_str(); }

  unsigned status;
  std::string code;                ///< for programs: "NOT_CHANNEL_MEMBER"
  std::string detail;              ///< a sentence for people; the status's reason phrase when empty
  std::vector<FieldError> errors;  ///< empty unless single fields are to blame
  http::Headers headers;           ///< that the answer carries too: Allow, Retry-After
};

/// How a Problem looks in the body of an answer.
struct ProblemDetails final {
  std::string type;   ///< "/errors/not-channel-member"
  std::string title;  ///< the status in words
  unsigned status = 0;
  std::string detail;
  std::string instance;  ///< the path that was asked for
  std::string code;
  std::string message;  ///< the same as `code`
  bool success = false;
  std::optional<std::string> requestId;
  std::optional<std::vector<FieldError>> errors;  ///< where single fields are to blame
};
BOOST_DESCRIBE_STRUCT(ProblemDetails, (), (type, title, status, detail, instance, code, message, success, requestId, errors))

/// What a peer sent is not what the handler takes: 422, VALIDATION_FAILED, with the field by name.
Problem to_problem(const FieldError& error);

/// `application/problem+json` with ProblemDetails. 401 also tells how to authenticate. `instance` is the path that was asked
/// for.
http::Response to_response(const Problem& problem, std::string_view instance, std::string_view request_id);

}  // namespace atrium::web
