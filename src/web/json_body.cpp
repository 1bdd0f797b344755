#include "web/json_body.h"

#include <boost/json.hpp>

namespace atrium::web {

namespace json = boost::json;

namespace {

/// "application/json; charset=utf-8", "application/merge-patch+json". One that is not named is taken for JSON.
bool is_json(std::optional<std::string_view> content_type) {
  if (!content_type) return false;
  std::string type(content_type->substr(0, content_type->find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return type == "application/json" || type.ends_with("+json");
}

}  // namespace

json::value parse_json_body(const http::Request& request) {
  // A page of another site cannot send this media type unasked, so a cookie alone does not let it act.
  if (!is_json(request.header("content-type"))) {
    throw Problem(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json.");
  }
  boost::system::error_code error;
  json::value body = json::parse(request.body, error);
  if (error) throw Problem(400, "MALFORMED_JSON", "The body is not JSON: " + error.message() + ".");
  if (!body.is_object()) throw Problem(422, "VALIDATION_FAILED", "The body must be a JSON object.");
  return body;
}

http::Response json_response(const json::value& value, unsigned status) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-store"}},
          .body = json::serialize(value)};
}

}  // namespace atrium::web
