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

  /// Where it really listens: "http://localhost:3000", "https://localhost:3000", or "unix:/run/atrium.sock".
  std::string url() const;
  /// Serves until stop(), on this thread and others.
  void run();
  /// Any thread, rather none that serves: reads the certificate again, with which it was started. The error is a sentence; then
  /// the old one stays.
  Result<void, std::string> reload_certificate();
  /// Once, from a thread that does not serve, while another is in run() or about to be: sends everyone away, for which it
  /// blocks as long as Config::drain, answers what was accepted and ends run(). What clients ask after the draining is refused
  /// as unavailable.
  void stop();

 private:
  struct Parts;
  explicit App(std::unique_ptr<Parts> parts);
  void send_clients_away();
  std::unique_ptr<Parts> parts_;
};

}  // namespace atrium::chat
