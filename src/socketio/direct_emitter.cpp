#include "socketio/direct_emitter.h"

#include "socketio/socket.h"

namespace atrium::socketio {

DirectEmitter DirectEmitter::volatile_() const {
  DirectEmitter next = *this;
  next.flags_.may_drop = true;
  return next;
}

DirectEmitter DirectEmitter::fleeting() const {
  DirectEmitter next = *this;
  next.flags_.fleeting = true;
  return next;
}

DirectEmitter DirectEmitter::compress(bool worth_it) const {
  DirectEmitter next = *this;
  next.flags_.compress = worth_it;
  return next;
}

DirectEmitter DirectEmitter::in_episode(const Episode& episode) const {
  DirectEmitter next = *this;
  next.flags_.episode = episode;
  return next;
}

DirectEmitter DirectEmitter::timeout(Duration duration) const {
  DirectEmitter next = *this;
  next.flags_.timeout = duration;
  return next;
}

bool DirectEmitter::send(const Outgoing& event) const { return socket_->send(event, flags_); }

net::Pending<AckResult> DirectEmitter::ask(Outgoing event) const { return socket_->ask(std::move(event), flags_); }

Emitter DirectEmitter::broadcast() const { return socket_->broadcast(flags_); }

}  // namespace atrium::socketio
