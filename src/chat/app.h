#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "chat/config.h"

namespace atrium::chat {

/// The ready-to-run backend: builds every part and hands each what it needs. The one room that knows them all.
class App final {
 public:
  /// Opens the database, fills it, listens. The error is a sentence for the person who started the program.
  static Result<std::unique_ptr<App>, std::string> start(Config config);
  ~App();

  /// The port that is really listened on.
  std::uint16_t port() const;
  /// Serves until stop(), on this thread and others.
  void run();
  /// Any thread: says goodbye to everyone and ends run().
  void stop();

 private:
  struct Parts;
  explicit App(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace atrium::chat
