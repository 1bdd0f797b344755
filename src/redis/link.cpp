#include "redis/link.h"

#include <random>

#include "base/log.h"
#include "net/address.h"
#include "net/connection.h"
#include "net/tls_trust.h"

namespace atrium::redis {

namespace {

/// So that the nodes of a cluster do not come back at one moment.
Duration jittered(Duration duration) {
  thread_local std::minstd_rand random(std::random_device{}());
  return duration * std::uniform_int_distribution<int>(75, 125)(random) / 100;
}

/// Why a Redis may hang up, or be silent, before it has said a word.
std::string_view hint(const Address& address) {
  if (address.where.host.starts_with(net::kUnixPrefix)) return "";
  if (!address.where.tls) return "; if that is a port for TLS, write rediss://";
  // In TLS 1.3 a server says after the handshake that it does not like our certificate, or misses one.
  if (address.where.tls->has_certificate()) return "; does it trust who issued our certificate (its tls-ca-cert-file)?";
  return "; if it wants client certificates (tls-auth-clients, on unless turned off), add cert=FILE&key=FILE to the address";
}

}  // namespace

/// What the link's connection speaks to.
class Link::Wire final : public net::Protocol {
 public:
  explicit Wire(std::shared_ptr<Link*> link) : link_(std::move(link)) {}

  void on_open(net::Connection& connection) override {
    if (*link_) {
      (*link_)->on_open(connection);
    } else {
      connection.abort(net::CloseCause::by_us);
    }
  }
  void on_bytes(std::span<char> bytes) override {
    if (*link_) (*link_)->on_bytes({bytes.data(), bytes.size()});
  }
  void on_closed(net::CloseCause cause) override {
    if (*link_) (*link_)->on_closed(cause);
  }

 private:
  const std::shared_ptr<Link*> link_;
};

Link::Link(net::Shard& shard, Address address, std::string purpose, Events events)
    : shard_(shard),
      address_(std::move(address)),
      purpose_(std::move(purpose)),
      events_(std::move(events)),
      self_(std::make_shared<Link*>(this)),
      retry_([this] { connect(); }),
      watch_([this] { watch(); }) {}

Link::~Link() { *self_ = nullptr; }

void Link::start() {
  wanted_ = true;
  connect();
}

void Link::stop() {
  wanted_ = false;
  up_ = false;
  retry_.cancel();
  watch_.cancel();
  if (connection_) connection_->close();
}

void Link::send(Bytes command) {
  if (up_) connection_->send(std::move(command));
}

void Link::connect() {
  net::connect(shard_, address_.where, kPatience, std::make_unique<Wire>(self_), [self = self_](const std::string& why) {
    if (*self) (*self)->fail(why);
  });
}

void Link::on_open(net::Connection& connection) {
  if (!wanted_) return connection.abort(net::CloseCause::by_us);
  connection_ = &connection;
  connection.set_outbox_limit(kMaxUnsent);
  reader_ = std::make_unique<ReplyReader>();
  heard_ = true;
  probed_ = false;
  shard_.deadlines().arm(watch_, kQuiet);
  const auto say = [&](std::initializer_list<std::string_view> words) {
    connection.send(Bytes(encode_command(words)));
    ++greetings_left_;
  };
  greetings_left_ = 0;
  if (!address_.user.empty()) {
    say({"AUTH", address_.user, address_.password});
  } else if (!address_.password.empty()) {
    say({"AUTH", address_.password});
  }
  if (address_.database != 0) say({"SELECT", std::to_string(address_.database)});
  say({"PING"});
}

void Link::on_bytes(std::string_view octets) {
  heard_ = true;
  probed_ = false;
  reader_->feed(octets);
  while (auto reply = reader_->next()) {
    if (up_) {
      events_.received(std::move(*reply));
    } else {
      on_greeted(*reply);
    }
    if (!connection_) return;
  }
  if (!reader_->failed()) return;
  complain(fmt::format("gets what is no answer of a Redis from {}", to_string(address_)));
  connection_->abort(net::CloseCause::network_error);
}

void Link::on_greeted(const Reply& reply) {
  if (greetings_left_ == 0) return;
  if (reply.failed()) {
    greetings_left_ = 0;
    complain(fmt::format("is refused by {}: {}", to_string(address_), reply.text));
    return connection_->abort(net::CloseCause::network_error);
  }
  if (--greetings_left_ > 0) return;
  up_ = true;
  said_so_ = false;
  retry_after_ = kFirstRetry;
  log::info("{} is connected to {}", purpose_, to_string(address_));
  events_.up();
}

void Link::on_closed(net::CloseCause cause) {
  connection_ = nullptr;
  watch_.cancel();
  if (cause == net::CloseCause::by_us) wanted_ = false;  // stopped, or the shard ends
  if (std::exchange(up_, false) && wanted_) {
    log::warn("{} has lost {}", purpose_, to_string(address_));
    events_.down();
  } else if (wanted_) {
    complain(fmt::format("gets no answer from {}{}", to_string(address_), hint(address_)));
  }
  retry();
}

void Link::fail(const std::string& why) {
  complain(fmt::format("cannot reach {}: {}", to_string(address_), why));
  retry();
}

void Link::complain(const std::string& what) {
  if (!std::exchange(said_so_, true)) log::error("{} {}", purpose_, what);
}

void Link::retry() {
  if (!wanted_) return;
  shard_.deadlines().arm(retry_, jittered(retry_after_));
  retry_after_ = std::min(retry_after_ * 2, kLastRetry);
}

void Link::watch() {
  if (!heard_ && (probed_ || !up_)) return connection_->abort(net::CloseCause::network_error);
  if (!std::exchange(heard_, false)) {
    probed_ = true;
    events_.probe();
  }
  shard_.deadlines().arm(watch_, kQuiet);
}

}  // namespace atrium::redis
