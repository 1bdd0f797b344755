#pragma once

#include <boost/json/value.hpp>
#include <type_traits>
#include <utility>

#include "base/describe.h"
#include "http/request.h"
#include "http/response.h"
#include "web/problem.h"

namespace atrium::web {

/// The JSON object that a request carries. Throws a Problem: 415 for another media type, 400 for text that is no JSON, 422
/// for JSON that is no object.
boost::json::value parse_json_body(const http::Request& request);

/// Any JSON as an answer, not to be cached.
http::Response json_response(const boost::json::value& value, unsigned status = 200);

/// The JSON object that a request carries, as T: a described struct, else the Problem names the member that is wrong (422);
/// a json::value takes it as it is.
template <class T>
T read_json_body(const http::Request& request) {
  auto body = parse_json_body(request);
  if constexpr (std::is_same_v<T, boost::json::value>) {
    return body;
  } else {
    auto read = from_json<T>(body);
    if (!read) throw to_problem(read.error());
    return std::move(*read);
  }
}

}  // namespace atrium::web
