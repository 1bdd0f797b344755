#include "chat/limits/limiter.h"

#include "chat/events.h"
#include "chat/events/outgoing.h"
#include "chat/visitor.h"

namespace atrium::chat {

using namespace std::chrono_literals;
using socketio::Socket;

namespace {

std::optional<KeyedBuckets> make_table(unsigned count, Duration window) {
  const auto rate = make_rate(count, window);
  if (!rate) return std::nullopt;
  return KeyedBuckets(*rate);
}

void evict(Socket& socket) {
  const Failure failure = failures::too_many_connections();
  events::emit<"error">(socket, events::Error{.message = failure.message, .code = failure.code, .status = failure.status});
  // By the namespace, so that it does not come back at once and push out the next.
  socket.disconnect();
}

}  // namespace

Limiter::Limiter(const Stage& stage) : stage_(stage), rates_(stage.config.limits) {
  for (std::size_t i = 0; i < stage.shards.size(); ++i) {
    counts_.push_back({.users = make_table(stage.config.limits.user_messages, 1s),
                       .channels = make_table(stage.config.limits.messages, 5s),
                       .quota = {}});
  }
}

bool Limiter::admits(Socket& socket, const socketio::Event& event) {
  Visitor& visitor = visitor_of(socket);
  if (!visitor.limits) visitor.limits = std::make_unique<EventLimits>(rates_);
  const TimePoint now = socket.shard().clock().now();
  const EventClass kind = class_of(event.name);
  auto [wait, close] = visitor.limits->judge(kind, now);
  auto& users = here().users;
  if (!wait && kind == EventClass::message && users && visitor.identity) wait = users->take(visitor.identity->user.value, now);
  if (wait) Reply(socket.shared_from_this(), event).fail(failures::rate_limited(*wait));
  if (close) socket.disconnect(socketio::Close::connection);
  return !wait && !close;
}

std::optional<Duration> Limiter::hold_back(const storage::ChannelId& channel, const storage::UserId& user) {
  auto& channels = here().channels;
  if (!channels) return std::nullopt;
  return channels->take(channel.value + '\n' + user.value, net::Shard::current()->clock().now());
}

void Limiter::enter(Socket& socket) {
  const std::size_t allowed = stage_.config.limits.sockets_per_user;
  if (allowed == 0) return;
  const auto& user = visitor_of(socket).identity->user;
  stage_.shards.home_of(user.value).dispatch([this, user, allowed, entered = ref_of(socket)] {
    if (const auto oldest = home_of(user).quota.enter(user, entered, allowed)) stage_.directory.tell(*oldest, evict);
  });
}

void Limiter::leave(const Socket& socket, const storage::UserId& user) {
  if (stage_.config.limits.sockets_per_user == 0) return;
  stage_.shards.home_of(user.value).dispatch([this, user, left = ref_of(socket)] { home_of(user).quota.leave(user, left); });
}

}  // namespace atrium::chat
