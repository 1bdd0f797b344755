#include "chat/accounts/account_shapes.h"

#include <algorithm>

#include "chat/field_rules.h"

namespace atrium::chat {

namespace {

constexpr std::size_t kMaxEmail = 254;  // RFC 5321 4.5.3.1.3, without the brackets

using Wrong = std::optional<FieldError>;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Something@somewhere.else: only a mail that arrives would prove more.
bool looks_like_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > kMaxEmail || at == 0 || at == text.npos || text.find('@', at + 1) != text.npos) return false;
  const std::string_view domain = text.substr(at + 1);
  const std::size_t dot = domain.find('.');
  const bool dotted = dot != 0 && dot != domain.npos && !domain.ends_with('.') && domain.find("..") == domain.npos;
  return dotted && std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) || c == ' '; });
}

Wrong check_email(std::string_view email) {
  if (looks_like_email(email)) return std::nullopt;
  return FieldError{"email", "must be an e-mail address"};
}

}  // namespace

Wrong Registration::check() const {
  return first_of(check_email(email), check_line("firstName", firstName.value), check_line("lastName", lastName.value));
}

Wrong LoginRequest::check() const { return check_email(email); }

Wrong ProfileChange::check() const {
  return first_of(check_line("name", name), check_line("firstName", firstName), check_line("lastName", lastName));
}

shapes::SignedInUser to_shape(const Credentials& credentials) {
  const storage::User& user = credentials.user;
  return {.user = {.id = user.id.value,
                   .email = user.email,
                   .firstName = user.first_name,
                   .lastName = user.last_name,
                   .globalRole = user.role},
          .accessToken = credentials.access_token,
          .refreshToken = credentials.refresh_token};
}

shapes::Profile to_public_profile(const storage::User& user) {
  return {.id = user.id.value, .name = user.name, .firstName = user.first_name, .lastName = user.last_name};
}

shapes::Profile to_profile(const storage::User& user) {
  shapes::Profile profile = to_public_profile(user);
  profile.email = user.email;
  profile.globalRole = user.role;
  profile.active = user.active;
  profile.createdAt = to_iso8601(user.created_at);
  if (user.last_login_at) profile.lastLoginAt = to_iso8601(*user.last_login_at);
  return profile;
}

shapes::Session to_shape(const storage::Session& session, const std::string& current) {
  return {.id = session.id.value,
          .device = session.device,
          .address = session.address,
          .createdAt = to_iso8601(session.created_at),
          .lastUsedAt = to_iso8601(session.last_used_at),
          .expiresAt = to_iso8601(session.expires_at),
          .current = session.id.value == current};
}

std::string normal_email(std::string_view email) {
  std::string normal(email);
  for (char& c : normal) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return normal;
}

}  // namespace atrium::chat
