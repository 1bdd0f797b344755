#include <csignal>
#include <iostream>
#include <thread>

#include "base/log.h"
#include "chat/app.h"
#include "chat/command_line.h"
#include "chat/token.h"

namespace {

using namespace atrium;

int mint_token(const chat::Command& command) {
  const chat::TokenAuthority tokens(command.config.jwt_secret);
  std::cout << tokens.mint({.subject = command.subject, .email = command.email, .name = command.name}, SystemClock().wall(),
                           std::chrono::seconds(command.expires_in))
            << std::endl;
  return 0;
}

/// The signals that ask a program to end; blocked in every thread, so that one of them can wait for them.
sigset_t block_ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int serve(const chat::Command& command) {
  const sigset_t signals = block_ending_signals();
  log::set_up(command.config.log_level);
  auto app = chat::App::start(command.config);
  if (!app) {
    std::cerr << "atrium: " << app.error() << std::endl;
    return 2;
  }
  std::cout << "Atrium is listening on http://localhost:" << (*app)->port() << std::endl;
  std::jthread ending([&signals, &server = **app] {
    int signal = 0;
    sigwait(&signals, &signal);
    log::info("ending on signal {}", signal);
    server.stop();
  });
  (*app)->run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto command = chat::parse_command_line(argc, argv, exit_code);
  if (!command) return exit_code;
  return command->kind == chat::Command::Kind::serve ? serve(*command) : mint_token(*command);
}
