#pragma once

#include <pthread.h>

#include <csignal>
#include <functional>
#include <thread>

namespace conformance {

/// Lets a program end in good order when it is told to (SIGINT, SIGTERM). Make one before anything that starts threads, so
/// that every thread leaves these signals to it; then say with run() what serves and what stops the serving.
class UntilToldToEnd final {
 public:
  UntilToldToEnd() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  /// Returns when `serve` does; `stop` is called from another thread.
  void run(const std::function<void()>& serve, const std::function<void()>& stop) {
    const std::jthread ending([&] {
      int signal = 0;
      sigwait(&signals_, &signal);
      stop();
    });
    serve();
  }

 private:
  sigset_t signals_;
};

}  // namespace conformance
