#include "web/problem.h"

#include <boost/json.hpp>

namespace atrium::web {

namespace json = boost::json;

namespace {

/// "NOT_CHANNEL_MEMBER" -> "/errors/not-channel-member"
std::string type_of(std::string_view code) {
  std::string type = "/errors/";
  for (const char c : code) type.push_back(c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
  return type;
}

/// A path as it was sent may hold raw octets that no JSON text can.
std::string ascii_of(std::string_view path) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      out.push_back(c);
    } else {
      out.append({'%', kDigits[octet >> 4], kDigits[octet & 15]});
    }
  }
  return out;
}

}  // namespace

Problem::Problem(unsigned http_status, std::string problem_code, std::string for_people, std::vector<FieldError> fields,
                 http::Headers more_headers)
    : status(http_status),
      code(std::move(problem_code)),
      detail(for_people.empty() ? std::string(http::reason_phrase(http_status)) : std::move(for_people)),
      errors(std::move(fields)),
      headers(std::move(more_headers)) {}

Problem to_problem(const FieldError& error) {
  const std::string subject = error.field.empty() ? "The payload" : "'" + error.field + "'";
  std::string sentence = subject + " " + error.message + ".";
  std::vector<FieldError> fields;
  if (!error.field.empty()) fields.push_back({error.field, sentence});
  return Problem(422, "VALIDATION_FAILED", std::move(sentence), std::move(fields));
}

http::Response to_response(const Problem& problem, std::string_view instance, std::string_view request_id) {
  ProblemDetails body{.type = type_of(problem.code),
                      .title = std::string(http::reason_phrase(problem.status)),
                      .status = problem.status,
                      .detail = problem.detail,
                      .instance = ascii_of(instance),
                      .code = problem.code,
                      .message = problem.code,
                      .requestId = {},
                      .errors = {}};
  if (!request_id.empty()) body.requestId = request_id;
  if (!problem.errors.empty()) body.errors = problem.errors;

  http::Response response{.status = problem.status, .headers = problem.headers, .body = json::serialize(to_json(body))};
  response.headers.emplace_back("Content-Type", "application/problem+json");
  response.headers.emplace_back("Cache-Control", "no-store");
  if (problem.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace atrium::web
