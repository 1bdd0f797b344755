#include "chat/accounts/tickets.h"

#include "base/base64.h"
#include "base/random_id.h"

namespace atrium::chat {

std::string Tickets::issue(Claims claims, TimePoint now) {
  std::string ticket = base64url_encode(random_octets(24));
  const std::lock_guard lock(mutex_);
  forget_old(now);
  if (by_age_.size() >= kMax) {
    issued_.erase(by_age_.front().second);
    by_age_.pop_front();
  }
  by_age_.emplace_back(now + kLifetime, ticket);
  issued_.emplace(ticket, Issued{std::move(claims), now + kLifetime});
  return ticket;
}

std::optional<Claims> Tickets::redeem(const std::string& ticket, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = issued_.extract(ticket);
  if (found.empty() || found.mapped().until <= now) return std::nullopt;
  return std::move(found.mapped().claims);
}

void Tickets::forget_old(TimePoint now) {
  for (; !by_age_.empty() && by_age_.front().first <= now; by_age_.pop_front()) issued_.erase(by_age_.front().second);
}

}  // namespace atrium::chat
