#include "admin/onlookers.h"

namespace atrium::admin {

bool Onlookers::on_arrival() {
  state_.fetch_add(kArrival);
  return (state_.fetch_or(kThere) & kThere) == 0;
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
