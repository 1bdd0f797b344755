#include <csignal>
#include <iostream>
#include <thread>

#include "base/log.h"
#include "chat/accounts/token.h"
#include "chat/app.h"
#include "chat/command_line.h"
#include "chat/documents/documents.h"

namespace {

using namespace atrium;

int mint_token(const chat::Command& command) {
  const chat::TokenAuthority tokens(command.config.jwt_secret);
  std::cout << tokens.mint({.subject = command.subject, .email = command.email, .name = command.name}, SystemClock().wall(),
                           std::chrono::seconds(command.expires_in))
            << std::endl;
  return 0;
}

/// The signals that ask a program to end, or to read its certificate again (SIGHUP, where it has one); blocked in every thread,
/// so that one of them can wait for them.
sigset_t block_signals(const chat::Config& config) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (!config.tls_certificate.empty()) sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// Does what signals ask for, until one asks to end.
void watch(const sigset_t& signals, chat::App& server) {
  for (int signal = 0; sigwait(&signals, &signal) == 0 && signal == SIGHUP;) {
    const auto reloaded = server.reload_certificate();
    if (reloaded) {
      log::info("the certificate was read again");
    } else {
      log::error("SIGHUP: {}", reloaded.error());
    }
  }
  log::info("ending on a signal");
  server.stop();
}

int serve(const chat::Command& command) {
  const sigset_t signals = block_signals(command.config);
  log::set_up(command.config.log_level);
  auto app = chat::App::start(command.config);
  if (!app) {
    std::cerr << "atrium: " << app.error() << std::endl;
    return 2;
  }
  std::cout << "Atrium is listening on " << (*app)->url() << std::endl;
  std::jthread watching([&signals, &server = **app] { watch(signals, server); });
  (*app)->run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto command = chat::parse_command_line(argc, argv, exit_code);
  if (!command) return exit_code;
  switch (command->kind) {
    case chat::Command::Kind::serve:
      return serve(*command);
    case chat::Command::Kind::token:
      return mint_token(*command);
    case chat::Command::Kind::routes:
      std::cout << chat::list_routes() << std::flush;
      return 0;
  }
}
