#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/describe.h"
#include "http/response.h"
#include "web/entity_tag.h"
#include "web/json_body.h"
#include "web/problem.h"

namespace atrium::web {

/// `{"success":true,"data":...,"message":...}`; message only where there is one.
template <class T>
struct Ok {
  bool success = true;
  T data;
  std::optional<std::string> message;
  BOOST_DESCRIBE_CLASS(Ok, (), (success, data, message), (), ())
};

template <class T>
Ok<T> ok(T data, std::optional<std::string> message = std::nullopt) {
  return {.success = true, .data = std::move(data), .message = std::move(message)};
}

template <class T>
inline constexpr bool is_result = false;
template <class T, class E>
inline constexpr bool is_result<Result<T, E>> = true;

/// The value of a Result; its error is thrown as the Problem that to_problem(error) makes of it, which is found beside E.
template <class T>
auto value_or_problem(T given) {
  if constexpr (is_result<T>) {
    if (!given) throw to_problem(given.error());
    return std::move(*given);
  } else {
    return given;
  }
}

template <class T>
inline constexpr bool is_tagged = false;
template <class T>
inline constexpr bool is_tagged<Tagged<T>> = true;

/// What a handler returned, as an answer: a response as it is, else JSON of a described struct, a list, a json::value.
template <class T>
http::Response to_answer(T given, unsigned status) {
  if constexpr (std::is_same_v<T, http::Response>) {
    return given;
  } else if constexpr (is_result<T>) {
    return to_answer(value_or_problem(std::move(given)), status);
  } else if constexpr (is_tagged<T>) {
    http::Response response = given.value ? to_answer(std::move(*given.value), status) : http::Response{.status = 304};
    std::erase_if(response.headers, [](const auto& header) { return header.first == "Cache-Control"; });
    response.headers.emplace_back("Cache-Control", "private, no-cache");
    response.headers.emplace_back("ETag", std::move(given.tag));
    return response;
  } else {
    return json_response(to_json(given), status);
  }
}

}  // namespace atrium::web
