#include "storage/mongo_outage.h"

#include <chrono>

#include "base/log.h"
#include "storage/store_error.h"

namespace atrium::storage {

namespace {

/// A question takes as long as the driver looks for a server; this is for when it is refused at once.
constexpr auto kPause = std::chrono::milliseconds(200);

}  // namespace

MongoOutage::MongoOutage(std::unique_ptr<MongoConnection> connection)
    : connection_(std::move(connection)), thread_([this] { watch(); }) {}

MongoOutage::~MongoOutage() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void MongoOutage::begin(const char* why) {
  {
    const std::lock_guard lock(mutex_);
    if (lasts_.exchange(true)) return;
  }
  log::error("storage: the MongoDB does not answer, and until it does all is refused: {}", why);
  changed_.notify_one();
}

void MongoOutage::watch() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closing_ || lasts_; });
    if (closing_) return;
    lock.unlock();
    const bool back = answers();
    if (back) log::warn("storage: the MongoDB answers again");
    lock.lock();
    if (back) {
      lasts_ = false;
    } else {
      changed_.wait_for(lock, kPause, [this] { return closing_; });
    }
  }
}

bool MongoOutage::answers() {
  try {
    connection_->run({"ping", 1});
    return true;
  } catch (const StoreUnavailable&) {
    return false;
  }
}

}  // namespace atrium::storage
