#include "chat/accounts/passwords.h"

#include <sodium.h>

#include <stdexcept>
#include <thread>

#include "base/random_id.h"

namespace atrium::chat {

namespace {

// OWASP's parameters for Argon2id: 19 MiB, two passes, one lane.
constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19'456 * 1'024;

/// A quarter of the cores at most: the others have a chat to run.
unsigned worker_count() { return std::max(1U, std::thread::hardware_concurrency() / 4); }

std::string argon2id(const std::string& password) {
  char text[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str_alg(text, password.data(), password.size(), kPasses, kMemory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw storage::StoreUnavailable("there is no memory to hash a password in");
  }
  return text;
}

bool matches(const std::string& hash, const std::string& password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

Failure busy() { return {503, "BUSY", "Too many are signing in at this moment. Try again.", {}, std::chrono::seconds(1)}; }

}  // namespace

Passwords::Passwords() : workers_(worker_count(), kMaxWaiting) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

Task<Outcome<std::string>> Passwords::hash(std::string password) {
  try {
    // Said outright: a string could also be taken for the first member of a failure.
    co_return Outcome<std::string>(boost::system::in_place_value,
                                   co_await workers_.run([&password](unsigned) { return argon2id(password); }));
  } catch (const storage::StoreUnavailable&) {
    co_return busy();
  }
}

Task<Outcome<Passwords::Match>> Passwords::verify(std::string password, std::optional<std::string> hash) {
  try {
    co_return co_await workers_.run([this, &password, &hash](unsigned) {
      const bool right = matches(hash ? *hash : hash_of_nobody(), password);
      return right && hash ? Match::right : Match::wrong;
    });
  } catch (const storage::StoreUnavailable&) {
    co_return busy();
  }
}

const std::string& Passwords::hash_of_nobody() {
  std::call_once(nobody_made_, [this] { hash_of_nobody_ = argon2id(random_octets(32)); });
  return hash_of_nobody_;
}

}  // namespace atrium::chat
