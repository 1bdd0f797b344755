#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/mongo_connection.h"

namespace atrium::storage {

/// Knows whether the server is away. While it is, nobody waits for it: a thread of its own asks until it answers again.
/// Any thread; as long as the engine.
class MongoOutage final {
 public:
  explicit MongoOutage(std::unique_ptr<MongoConnection> connection);
  ~MongoOutage();
  MongoOutage(const MongoOutage&) = delete;
  MongoOutage& operator=(const MongoOutage&) = delete;

  bool lasts() const { return lasts_.load(); }
  /// Somebody has waited for the server in vain.
  void begin(const char* why);

 private:
  void watch();
  bool answers();

  const std::unique_ptr<MongoConnection> connection_;
  std::atomic<bool> lasts_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace atrium::storage
