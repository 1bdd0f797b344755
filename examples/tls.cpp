// TLS, with a certificate that is read again on SIGHUP: connections that are open go on, new ones see the new certificate.
//
//   tls --port 3000 fullchain.pem privkey.pem
//   kill -HUP $(pidof tls)    # after the certificate has been renewed
#include <atrium/net/tls_context.h>
#include <atrium/socketio/server.h>

#include <csignal>
#include <iostream>
#include <thread>

using namespace atrium;
using socketio::Server;
using socketio::Socket;

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "tls --port 3000 fullchain.pem privkey.pem" << std::endl;
    return 2;
  }
  // Before any thread is started, so that all of them leave these signals to the one that waits for them below.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto certificate = net::TlsContext::load({.certificate = argv[3], .key = argv[4], .client_ca = {}});
  if (!certificate) {
    std::cerr << certificate.error() << std::endl;
    return 2;
  }

  Server io;
  io.on("secure?", [](Socket& socket) { return socket.handshake().secure(); });
  const auto port = io.listen(
      {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(std::atoi(argv[2])), .tls = *certificate, .dead_peers = {}});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on https://127.0.0.1:" << *port << std::endl;

  const std::jthread waiting([&] {
    for (int signal = 0; sigwait(&signals, &signal) == 0;) {
      if (signal != SIGHUP) return io.stop();
      const auto reloaded = (*certificate)->reload();
      if (reloaded) {
        std::cout << "The certificate has been read again" << std::endl;
      } else {
        std::cerr << reloaded.error() << "; the old certificate stays" << std::endl;
      }
    }
  });
  io.run();
}
