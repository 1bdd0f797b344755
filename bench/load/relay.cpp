#include "relay.h"

#include <limits>
#include <stdexcept>
#include <utility>

#include "wire.h"

namespace atrium::bench {

namespace {

/// Everybody else hears of a typing; a message goes to its sender as well.
std::uint32_t deliveries_of(const Crowd& crowd, Work work, std::size_t rooms) {
  const auto members = static_cast<std::uint32_t>(crowd.size() / rooms);
  return work == Work::typing ? members - 1 : members;
}

std::string event(std::string_view name, const std::string& channel, std::string_view more = {}) {
  return client_frame("42/chat,[\"" + std::string(name) + "\",{\"channelId\":\"" + channel + "\"" + std::string(more) + "}]");
}

}  // namespace

Relay::Relay(Crowd& crowd, Work work, std::size_t rooms, std::size_t in_flight)
    : crowd_(crowd),
      work_(work),
      deliveries_each_(deliveries_of(crowd, work, rooms)),
      in_flight_(in_flight),
      key_(work == Work::typing ? "\"userId\":\"u" : "\"senderId\":\"u"),
      users_(crowd.size()) {
  for (std::size_t i = 0; i < users_.size(); ++i) {
    const std::string channel = crowd_.channel_of(i);
    if (work_ == Work::typing) {
      users_[i].first = event("channel:typing", channel);
      users_[i].second = event("channel:stop_typing", channel);
    } else {
      users_[i].first = event("message:send", channel, ",\"content\":\"Has anybody seen the minutes of last week?\"");
    }
  }
  turns_left_ = work_ == Work::typing ? users_.size() * kStartsEach : std::numeric_limits<std::size_t>::max();
  crowd_.on_relayed([this](std::string_view text) { on_relayed(text); });
}

Relay::~Relay() { crowd_.on_relayed({}); }

RelayResult Relay::run(const ProcessMeter& server, Clock::duration duration) {
  result_ = {};
  auto left = duration;
  while (left > Clock::duration::zero()) {
    if (turns_left_ == 0) {
      crowd_.leave(0, crowd_.size());
      crowd_.settle();
      crowd_.join(0, crowd_.size());
      crowd_.settle();
      turns_left_ = users_.size() * kStartsEach;
    }
    const std::int64_t cpu = server.cpu_us();
    const auto begin = Clock::now();
    run_leg(begin + left);
    const auto took = Clock::now() - begin;
    result_.cpu_us += server.cpu_us() - cpu;
    result_.wall_us += std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    left -= took;
  }
  return std::move(result_);
}

void Relay::run_leg(Clock::time_point until) {
  until_ = until;
  while (flying_ < in_flight_ && next_turn()) {
  }
  while (flying_ > 0) {
    if (!crowd_.turn(std::chrono::seconds(5))) throw std::runtime_error("deliveries are missing");
  }
}

bool Relay::next_turn() {
  if (turns_left_ == 0 || Clock::now() >= until_) return false;
  --turns_left_;
  const std::size_t user = turns_++ % users_.size();
  users_[user].begun = true;
  send(user, users_[user].first);
  return true;
}

void Relay::send(std::size_t user, const std::string& frame) {
  users_[user].awaited = deliveries_each_;
  users_[user].sent = Clock::now();
  ++flying_;
  crowd_.send(user, frame);
}

void Relay::on_relayed(std::string_view text) {
  const auto at = text.find(key_);
  if (at == text.npos || at + key_.size() + 5 > text.size()) throw std::runtime_error("a delivery without its user");
  std::size_t user = 0;
  for (const char digit : text.substr(at + key_.size(), 5)) user = user * 10 + static_cast<std::size_t>(digit - '0');
  if (user >= users_.size() || users_[user].awaited == 0) throw std::runtime_error("a delivery that nobody caused");
  ++result_.deliveries;
  if (--users_[user].awaited == 0) on_complete(user);
}

void Relay::on_complete(std::size_t user) {
  User& self = users_[user];
  --flying_;
  ++result_.events;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - self.sent).count();
  result_.latencies_us.push_back(static_cast<std::uint32_t>(took));
  if (std::exchange(self.begun, false) && !self.second.empty()) {
    send(user, self.second);
  } else {
    next_turn();
  }
}

}  // namespace atrium::bench
