// A namespace for those who have an account. Its middleware looks the token up where it takes a while, by co_await: the
// client waits, the thread does not. The main namespace is open to everybody, on the same connection.
//
//   const members = io('http://localhost:3000/members', { auth: { token: 'token-of-alice' } });
//   members.on('connect_error', (error) => console.log(error.message, error.data));
#include <atrium/socketio/server.h>

#include <iostream>

using namespace atrium::socketio;
using atrium::Task;

// Whoever was let in.
struct Account {
  std::string name;
  bool admin = false;
};

// Stands for a database. What it says comes a little later, on the shard that asked.
class Accounts final {
 public:
  atrium::net::Pending<std::optional<Account>> find(atrium::net::Shard& shard, std::string token) const {
    return atrium::net::Pending<std::optional<Account>>([&shard, token = std::move(token)](auto callback) {
      shard.post([token, callback = std::move(callback)]() mutable {
        if (token == "token-of-alice") return callback(Account{.name = "alice", .admin = true});
        if (token == "token-of-bob") return callback(Account{.name = "bob"});
        callback(std::nullopt);
      });
    });
  }
};

// May be asked of every socket that was let in.
const Account& account_of(Socket& socket) { return std::any_cast<const Account&>(socket.local_data); }

Task<void> authenticate(const Accounts& accounts, std::shared_ptr<Socket> socket, Next next) {
  const auto* token = socket->auth().if_contains("token");
  if (!token || !token->is_string()) co_return next(ConnectError{.message = "a token is needed"});
  const auto account = co_await accounts.find(socket->shard(), std::string(token->as_string()));
  if (!account) {
    co_return next(ConnectError{.message = "unknown token", .data = atrium::json::object{{"code", "UNKNOWN_TOKEN"}}});
  }
  socket->local_data = *account;
  socket->forget_auth();  // the token has served
  next(std::nullopt);
}

int main(int argc, char** argv) {
  const Accounts accounts;
  Server io;
  io.on("who am i", [] { return "anybody"; });

  Namespace& members = io.of("/members");
  members.use([&accounts](Socket& socket, Next next) {
    atrium::spawn(authenticate(accounts, socket.shared_from_this(), std::move(next)));
  });
  members.on("who am i", [](Socket& socket) { return account_of(socket).name; });
  // Judges every event, before its handlers.
  members.use_event([](Socket& socket, Event& event, Next next) {
    if (!event.name.starts_with("admin:") || account_of(socket).admin) return next(std::nullopt);
    event.ack("only for admins");
    next(ConnectError{.message = "only for admins"});
  });
  members.on("admin:announce", [&members](const std::string& text) {
    members.emit("announcement", text);
    return "announced";
  });

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
