#include "admin/gate.h"

#include <openssl/crypto.h>

#include <stdexcept>

#include "admin/bcrypt.h"
#include "base/log.h"

namespace atrium::admin {

namespace {

constexpr std::size_t kLongest = 1024;  ///< octets of a username, a password, the id of a login

bool same(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

PasswordCheck check_of(const BasicAuth& account) {
  if (account.username.empty()) throw std::invalid_argument("BasicAuth::username is empty; say who may come in");
  if (!is_bcrypt_hash(account.password_hash)) {
    throw std::invalid_argument(
        "BasicAuth::password_hash must be a bcrypt hash such as \"$2b$10$...\", not the password itself; "
        "'htpasswd -nB admin' makes one");
  }
  return [account](const std::string& username, const std::string& password) {
    // The hash is computed for anybody: how long it takes tells nobody whether there is such a user.
    const bool right = matches_bcrypt(password, account.password_hash);
    return same(username, account.username) && right;
  };
}

std::unique_ptr<PasswordChecker> checker_of(const Auth& auth) {
  if (std::holds_alternative<NoAuth>(auth)) {
    log::warn("the admin namespace asks nobody for a password; keep strangers away from this server");
    return nullptr;
  }
  if (const auto* account = std::get_if<BasicAuth>(&auth)) return std::make_unique<PasswordChecker>(check_of(*account));
  const auto* check = std::get_if<PasswordCheck>(&auth);
  if (check && *check) return std::make_unique<PasswordChecker>(*check);
  throw std::invalid_argument("admin::Options::auth is not set; give a BasicAuth, a PasswordCheck, or NoAuth{} for none");
}

std::optional<std::string> string_member(const socketio::Socket& socket, std::string_view name) {
  const auto* member = socket.auth().if_contains(name);
  const auto* text = member ? member->if_string() : nullptr;
  if (!text || text->size() > kLongest) return std::nullopt;
  return std::string(*text);
}

}  // namespace

Gate::Gate(net::ShardSet& shards, Auth auth) : home_(shards[0]), checker_(checker_of(auth)) {}

void Gate::guard(socketio::Namespace& nsp) {
  if (!checker_) return;
  nsp.use([this](socketio::Socket& socket, socketio::Next next) {
    Visitor visitor{.socket = socket.shared_from_this(),
                    .next = std::move(next),
                    .session = string_member(socket, "sessionId"),
                    .username = string_member(socket, "username"),
                    .password = string_member(socket, "password")};
    home_.dispatch([this, visitor = std::move(visitor)]() mutable { judge(std::move(visitor)); });
  });
}

void Gate::judge(Visitor visitor) {
  if (visitor.session && logins_.knows(*visitor.session, home_.clock().now())) return admit(std::move(visitor), std::nullopt);
  if (!visitor.username || !visitor.password) return refuse(std::move(visitor), "invalid credentials");
  std::string username = std::move(*visitor.username);
  std::string password = std::move(*visitor.password);
  const auto waiting = std::make_shared<Visitor>(std::move(visitor));
  const bool asked = checker_->ask(std::move(username), std::move(password), [this, waiting](bool right) {
    if (!right) return refuse(std::move(*waiting), "invalid credentials");
    admit(std::move(*waiting), logins_.add(home_.clock().now()));
  });
  if (!asked) refuse(std::move(*waiting), "too many people sign in; try again in a moment");
}

void Gate::admit(Visitor visitor, std::optional<std::string> new_session) {
  net::Shard& shard = visitor.socket->shard();
  shard.dispatch([visitor = std::move(visitor), new_session = std::move(new_session)] {
    visitor.socket->forget_auth();
    if (new_session) visitor.socket->emit("session", *new_session);
    visitor.next(std::nullopt);
  });
}

void Gate::refuse(Visitor visitor, const char* why) {
  net::Shard& shard = visitor.socket->shard();
  shard.dispatch([visitor = std::move(visitor), why] { visitor.next(socketio::ConnectError{.message = why}); });
}

}  // namespace atrium::admin
