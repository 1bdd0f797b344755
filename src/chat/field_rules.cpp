#include "chat/field_rules.h"

#include <algorithm>

namespace atrium::chat {

namespace {

FieldError wrong(std::string_view field, std::string what) { return {std::string(field), std::move(what)}; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::optional<FieldError> check_line(std::string_view field, std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return wrong(field, "must not have control characters");
  if (text.find_first_not_of(' ') == text.npos) return wrong(field, "must not be blank");
  return std::nullopt;
}

std::optional<FieldError> check_prose(std::string_view field, std::string_view text) {
  const auto forbidden = [](char c) { return is_control(c) && c != '\n' && c != '\r' && c != '\t'; };
  if (std::any_of(text.begin(), text.end(), forbidden)) return wrong(field, "must not have control characters");
  return std::nullopt;
}

std::optional<FieldError> check_url(std::string_view field, std::string_view text) {
  constexpr std::size_t kMost = 2048;
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) || c == ' '; });
  if (text.empty() || (web && plain && text.size() <= kMost)) return std::nullopt;
  return wrong(field, "must be an http or https URL of at most 2048 characters");
}

std::optional<FieldError> check_email(std::string_view field, std::string_view text) {
  constexpr std::size_t kMost = 254;  // RFC 5321 4.5.3.1.3
  const std::size_t at = text.find('@');
  const bool shaped = at != text.npos && at > 0 && at + 1 < text.size() && text.size() <= kMost;
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) || c == ' '; });
  if (shaped && plain) return std::nullopt;
  return wrong(field, "must be an e-mail address");
}

}  // namespace atrium::chat
