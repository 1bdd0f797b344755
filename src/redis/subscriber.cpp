#include "redis/subscriber.h"

#include "base/log.h"

namespace atrium::redis {

namespace {

struct Words {
  std::string_view subscribe;
  std::string_view unsubscribe;
  std::string_view confirmed;
  std::string_view message;
};

Words words_of(Subscriber::By by) {
  switch (by) {
    case Subscriber::By::pattern:
      return {"PSUBSCRIBE", "PUNSUBSCRIBE", "psubscribe", "pmessage"};
    case Subscriber::By::shard:
      return {"SSUBSCRIBE", "SUNSUBSCRIBE", "ssubscribe", "smessage"};
    default:
      return {"SUBSCRIBE", "UNSUBSCRIBE", "subscribe", "message"};
  }
}

}  // namespace

Subscriber::Subscriber(net::Shard& shard, Address address, std::string purpose, Heard heard)
    : heard_(std::move(heard)),
      link_(shard, std::move(address), std::move(purpose),
            {.up = [this] { on_up(); },
             .received = [this](const Reply& reply) { on_reply(reply); },
             .down = [this] { on_down(); },
             .probe = [this] { ask({"PING"}); }}) {}

void Subscriber::ask(std::initializer_list<std::string_view> words) { link_.send(Bytes(encode_command(words))); }

void Subscriber::subscribe(By by, const std::string& channel) {
  wishes_.insert({by, channel});
  if (!link_.up()) return;
  ++unconfirmed_;
  ask({words_of(by).subscribe, channel});
}

void Subscriber::unsubscribe(By by, const std::string& channel) {
  if (wishes_.erase({by, channel}) == 0) return;
  ask({words_of(by).unsubscribe, channel});
}

void Subscriber::confirm(UniqueFunction<void(bool holds)> done) {
  if (!link_.up() || unconfirmed_ == 0) return done(link_.up());
  waiters_.push_back({unconfirmed_, std::move(done)});
}

void Subscriber::on_up() {
  unconfirmed_ = wishes_.size();
  for (const auto& [by, channel] : wishes_) {
    ask({words_of(by).subscribe, channel});
  }
  if (wishes_.empty()) {
    complete_ = true;
    told_(true);
  }
}

void Subscriber::on_down() {
  unconfirmed_ = 0;
  for (auto& waiter : std::exchange(waiters_, {})) waiter.done(false);
  if (std::exchange(complete_, false)) told_(false);
}

void Subscriber::on_reply(const Reply& reply) {
  if (reply.failed()) return log::error("a subscription was refused: {}", reply.text);
  if (reply.type != Reply::Type::array || reply.parts.size() < 2) return;
  const std::string& kind = reply.parts.front().text;
  const std::string& channel = reply.parts[reply.parts.size() - 2].text;
  for (const By by : {By::name, By::pattern, By::shard}) {
    if (kind == words_of(by).message) return heard_(channel, reply.parts.back().text);
    if (kind == words_of(by).confirmed) return on_confirmed();
  }
}

void Subscriber::on_confirmed() {
  if (unconfirmed_ > 0) --unconfirmed_;
  for (auto& waiter : waiters_) --waiter.left;
  while (!waiters_.empty() && waiters_.front().left == 0) {
    auto done = std::move(waiters_.front().done);
    waiters_.pop_front();
    done(true);
  }
  if (unconfirmed_ == 0 && !std::exchange(complete_, true)) told_(true);
}

}  // namespace atrium::redis
