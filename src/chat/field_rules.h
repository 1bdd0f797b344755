#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/describe.h"

namespace atrium::chat {

// What described structs ask of their texts in check(). None: it is as it should be.

/// `least` to `most` characters (code points), on one line.
std::optional<FieldError> check_line(std::string_view field, std::string_view text, std::size_t least, std::size_t most);
/// At most `most` characters, on any number of lines.
std::optional<FieldError> check_prose(std::string_view field, std::string_view text, std::size_t most);
/// 1 to `most` characters out of a-z, 0-9 and '-'.
std::optional<FieldError> check_slug(std::string_view field, std::string_view text, std::size_t most);
/// Empty, or the address of a web page or picture.
std::optional<FieldError> check_url(std::string_view field, std::string_view text);
std::optional<FieldError> check_email(std::string_view field, std::string_view text);
/// "member" or "admin".
std::optional<FieldError> check_role(std::string_view field, std::string_view text);

/// The first that is wrong.
template <class... Errors>
std::optional<FieldError> first_of(Errors... errors) {
  std::optional<FieldError> first;
  ((first = first ? first : std::optional<FieldError>(std::move(errors))), ...);
  return first;
}

}  // namespace atrium::chat
