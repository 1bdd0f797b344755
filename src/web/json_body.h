#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "http/response.h"

namespace atrium::web {

/// The JSON object that a request carries. Throws a Problem: 415 for another media type, 400 for text that is no JSON, 422
/// for JSON that is no object.
boost::json::value parse_json_body(const http::Request& request);

/// Any JSON as an answer, not to be cached.
http::Response json_response(const boost::json::value& value, unsigned status = 200);

/// `{"success":true,"data":...,"message":...}`; message only where there is one.
http::Response ok(boost::json::value data, std::optional<std::string> message = std::nullopt, unsigned status = 200);

}  // namespace atrium::web
