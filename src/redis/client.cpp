#include "redis/client.h"

namespace atrium::redis {

Client::Client(net::Shard& shard, Address address, std::string purpose)
    : link_(shard, std::move(address), std::move(purpose),
            {.up = [this] { told_(true); },
             .received = [this](Reply reply) { on_reply(std::move(reply)); },
             .down = [this] { on_down(); },
             .probe = [this] { ask({"PING"}); }}) {}

void Client::ask(std::initializer_list<std::string_view> words, Answered answered) {
  const bool full = asked_.size() >= kMaxAsked;
  if (up() && !full) {
    link_.send(Bytes(encode_command(words)));
    asked_.push_back(std::move(answered));
  } else if (answered) {
    answered(Reply::failure(full ? "too many answers are due" : "Redis is not there"));
  }
}

void Client::on_reply(Reply reply) {
  if (asked_.empty()) return;
  auto answered = std::move(asked_.front());
  asked_.pop_front();
  if (answered) answered(std::move(reply));
}

void Client::on_down() {
  auto asked = std::exchange(asked_, {});
  for (auto& answered : asked) {
    if (answered) answered(Reply::failure("the connection to Redis was lost"));
  }
  told_(false);
}

}  // namespace atrium::redis
