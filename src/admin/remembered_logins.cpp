#include "admin/remembered_logins.h"

#include "base/random_id.h"

namespace atrium::admin {

namespace {

std::string to_hex(const std::string& octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char octet : octets) {
    const auto value = static_cast<unsigned char>(octet);
    hex.push_back(kDigits[value >> 4]);
    hex.push_back(kDigits[value & 15]);
  }
  return hex;
}

}  // namespace

std::string RememberedLogins::add(TimePoint now) {
  forget_expired(now);
  if (by_age_.size() == kMax) forget_oldest();
  std::string id = to_hex(random_octets(8));
  ids_.insert(id);
  by_age_.push_back({id, now + kLifetime});
  return id;
}

bool RememberedLogins::knows(const std::string& id, TimePoint now) {
  forget_expired(now);
  return ids_.contains(id);
}

void RememberedLogins::forget_expired(TimePoint now) {
  while (!by_age_.empty() && by_age_.front().until <= now) forget_oldest();
}

void RememberedLogins::forget_oldest() {
  ids_.erase(by_age_.front().id);
  by_age_.pop_front();
}

}  // namespace atrium::admin
