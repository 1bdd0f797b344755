#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace atrium::redis {

/// What a Redis answers (RESP 2).
struct Reply {
  enum class Type : std::uint8_t { nil, status, text, error, integer, array };

  Type type = Type::nil;
  std::string text;  ///< of a status, a text, an error
  std::int64_t integer = 0;
  std::vector<Reply> parts;  ///< of an array

  static Reply failure(std::string why) { return {.type = Type::error, .text = std::move(why), .integer = 0, .parts = {}}; }
  bool failed() const { return type == Type::error; }
};

}  // namespace atrium::redis
