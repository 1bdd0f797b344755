#include "socketio/emitter.h"

#include "socketio/messages.h"

namespace atrium::socketio {

Emitter Emitter::to(std::string room) const {
  Emitter next = *this;
  next.audience_.rooms.push_back(std::move(room));
  return next;
}

Emitter Emitter::except(std::string room) const {
  Emitter next = *this;
  next.audience_.except.push_back(std::move(room));
  return next;
}

Emitter Emitter::volatile_() const {
  Emitter next = *this;
  next.audience_.may_drop = true;
  return next;
}

void Emitter::send(const Outgoing& event) const { adapter_->broadcast(audience_, event_message(nsp_, std::nullopt, event)); }

}  // namespace atrium::socketio
