#pragma once

#include "chat/presence.h"
#include "cron/scheduler.h"

namespace atrium::chat {

/// What the server does by the clock, on the presence's owner shard.
class Jobs final {
 public:
  Jobs(Presence& presence, const Clock& clock);

  /// On the owner shard.
  void start() { scheduler_.start(); }
  void stop() { scheduler_.stop(); }

 private:
  cron::Scheduler scheduler_;
};

}  // namespace atrium::chat
