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
             .probe = [this] { link_.send(Bytes(encode_command(std::initializer_list<std::string_view>{"PING"}))); }}) {}

void Subscriber::subscribe(By by, const std::string& channel, std::function<void()> holds) {
  wishes_.insert_or_assign({by, channel}, std::move(holds));
  if (!link_.up()) return;
  ++unconfirmed_;
  link_.send(Bytes(encode_command(std::initializer_list<std::string_view>{words_of(by).subscribe, channel})));
}

void Subscriber::unsubscribe(By by, const std::string& channel) {
  if (wishes_.erase({by, channel}) == 0) return;
  link_.send(Bytes(encode_command(std::initializer_list<std::string_view>{words_of(by).unsubscribe, channel})));
}

void Subscriber::on_up() {
  unconfirmed_ = wishes_.size();
  for (const auto& [wish, holds] : wishes_) {
    link_.send(Bytes(encode_command(std::initializer_list<std::string_view>{words_of(wish.first).subscribe, wish.second})));
  }
  if (wishes_.empty()) {
    complete_ = true;
    told_(true);
  }
}

void Subscriber::on_down() {
  unconfirmed_ = 0;
  if (std::exchange(complete_, false)) told_(false);
}

void Subscriber::on_reply(const Reply& reply) {
  if (reply.failed()) return log::error("a subscription was refused: {}", reply.text);
  if (reply.type != Reply::Type::array || reply.parts.size() < 2) return;
  const std::string& kind = reply.parts.front().text;
  const std::string& channel = reply.parts[reply.parts.size() - 2].text;
  for (const By by : {By::name, By::pattern, By::shard}) {
    if (kind == words_of(by).message) return heard_(channel, reply.parts.back().text);
    if (kind == words_of(by).confirmed) return on_confirmed(by, channel);
  }
}

void Subscriber::on_confirmed(By by, const std::string& channel) {
  if (unconfirmed_ > 0) --unconfirmed_;
  if (const auto wish = wishes_.find({by, channel}); wish != wishes_.end() && wish->second) {
    std::exchange(wish->second, nullptr)();
  }
  if (unconfirmed_ == 0 && !std::exchange(complete_, true)) told_(true);
}

}  // namespace atrium::redis
