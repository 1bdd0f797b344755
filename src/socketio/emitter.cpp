#include "socketio/emitter.h"

#include "socketio/remote_socket.h"

namespace atrium::socketio {

Emitter Emitter::to(std::string room) const {
  Emitter next = *this;
  next.audience_.rooms.push_back(std::move(room));
  return next;
}

Emitter Emitter::to(std::vector<std::string> rooms) const {
  Emitter next = *this;
  std::move(rooms.begin(), rooms.end(), std::back_inserter(next.audience_.rooms));
  return next;
}

Emitter Emitter::except(std::string room) const {
  Emitter next = *this;
  next.audience_.except.push_back(std::move(room));
  return next;
}

Emitter Emitter::except(std::vector<std::string> rooms) const {
  Emitter next = *this;
  std::move(rooms.begin(), rooms.end(), std::back_inserter(next.audience_.except));
  return next;
}

Emitter Emitter::volatile_() const {
  Emitter next = *this;
  next.flags_.may_drop = true;
  return next;
}

Emitter Emitter::local() const {
  Emitter next = *this;
  next.audience_.local = true;
  return next;
}

Emitter Emitter::compress(bool worth_it) const {
  Emitter next = *this;
  next.flags_.compress = worth_it;
  return next;
}

Emitter Emitter::about(std::string topic, Turn turn) const {
  Emitter next = *this;
  next.flags_.topic = std::make_shared<const Topic>(Topic{std::move(topic), turn});
  return next;
}

Emitter Emitter::timeout(Duration duration) const {
  Emitter next = *this;
  next.flags_.timeout = duration;
  return next;
}

void Emitter::send(const Outgoing& event) const {
  check_event_name(event);
  // An offset names the shard that says it, so somebody who is none asks the first one to.
  if (core_->recovery && !net::Shard::current()) {
    core_->shards[0].post([emitter = *this, event] { emitter.send(event); });
    return;
  }
  core_->adapter->broadcast(audience_, make_broadcast(*core_, flags_, event));
}

net::Pending<AckAnswers> Emitter::ask(Outgoing event) const {
  check_event_name(event);
  return net::Pending<AckAnswers>([emitter = *this, event = std::move(event)](auto done) {
    NamespaceCore& core = *emitter.core_;
    const std::uint64_t id = core.next_ack_id.fetch_add(1, std::memory_order_relaxed);
    const Duration timeout = emitter.flags_.timeout > Duration::zero() ? emitter.flags_.timeout : kAckTimeout;
    core.adapter->ask(emitter.audience_, make_broadcast(core, emitter.flags_, event, id), id, timeout, std::move(done));
  });
}

net::Pending<std::vector<RemoteSocket>> Emitter::fetch_sockets(Detail detail) const {
  return net::Pending<std::vector<RemoteSocket>>([core = core_, audience = audience_, detail](auto done) {
    core->adapter->fetch_sockets(audience, detail, [core, done = std::move(done)](std::vector<SocketInfo> infos) mutable {
      std::vector<RemoteSocket> sockets;
      sockets.reserve(infos.size());
      for (SocketInfo& info : infos) sockets.emplace_back(*core, std::move(info));
      done(std::move(sockets));
    });
  });
}

net::Pending<std::size_t> Emitter::count_sockets() const {
  return net::Pending<std::size_t>(
      [core = core_, audience = audience_](auto done) { core->adapter->count_sockets(audience, std::move(done)); });
}

void Emitter::sockets_join(std::vector<std::string> rooms) const { core_->adapter->sockets_join(audience_, std::move(rooms)); }

void Emitter::sockets_leave(std::vector<std::string> rooms) const {
  core_->adapter->sockets_leave(audience_, std::move(rooms));
}

void Emitter::disconnect_sockets(Close close) const { core_->adapter->disconnect_sockets(audience_, close); }

}  // namespace atrium::socketio
