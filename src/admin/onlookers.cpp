#include "admin/onlookers.h"

namespace atrium::admin {

namespace {

constexpr const char* kArrivalEvent = "atrium:onlooker";  // nobody listens to it on an official node

}  // namespace

Onlookers::Onlookers(socketio::Namespace& nsp, std::function<void()> arrived) : nsp_(nsp), arrived_(std::move(arrived)) {
  nsp_.on_server_side(kArrivalEvent, [this](const json::array&, const auto&) { note_arrival(); });
}

void Onlookers::on_arrival() {
  note_arrival();
  nsp_.server_side_emit(kArrivalEvent);
}

void Onlookers::suppose() { state_.fetch_or(kThere); }

void Onlookers::note_arrival() {
  state_.fetch_add(kArrival);
  if ((state_.fetch_or(kThere) & kThere) == 0) arrived_();
}

void Onlookers::count() {
  nsp_.count_sockets().then([this, before = state_.load()](std::size_t count) mutable {
    if (count > 0) {
      state_.fetch_or(kThere);
    } else {
      state_.compare_exchange_strong(before, before & ~kThere);
    }
  });
}

}  // namespace atrium::admin
