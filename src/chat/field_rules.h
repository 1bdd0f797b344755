#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/describe.h"

namespace atrium::chat {

// What described structs ask of their texts in check(), beyond what Text<> says. None: it is as it should be.

/// On one line, and not blank.
std::optional<FieldError> check_line(std::string_view field, std::string_view text);
/// On any number of lines.
std::optional<FieldError> check_prose(std::string_view field, std::string_view text);
/// Empty, or the address of a web page or picture.
std::optional<FieldError> check_url(std::string_view field, std::string_view text);
std::optional<FieldError> check_email(std::string_view field, std::string_view text);

/// The same for what may be left out.
template <std::size_t Min, std::size_t Max>
std::optional<FieldError> check_line(std::string_view field, const std::optional<Text<Min, Max>>& text) {
  return text ? check_line(field, text->value) : std::nullopt;
}
template <std::size_t Min, std::size_t Max>
std::optional<FieldError> check_prose(std::string_view field, const std::optional<Text<Min, Max>>& text) {
  return text ? check_prose(field, text->value) : std::nullopt;
}

/// The first that is wrong.
template <class... Errors>
std::optional<FieldError> first_of(Errors... errors) {
  std::optional<FieldError> first;
  ((first = first ? first : std::optional<FieldError>(std::move(errors))), ...);
  return first;
}

}  // namespace atrium::chat
