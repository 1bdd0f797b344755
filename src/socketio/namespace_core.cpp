#include "socketio/namespace_core.h"

#include <stdexcept>

#include "socketio/packet_rules.h"

namespace atrium::socketio {

Broadcast make_broadcast(NamespaceCore& core, const EmitFlags& flags, const Outgoing& event,
                         std::optional<std::uint64_t> ack_id) {
  Broadcast broadcast{.message = nullptr, .may_drop = flags.may_drop};
  std::string offset;
  // What asks for an acknowledgement is not told again: its answer would come to nobody.
  if (core.recovery && !ack_id) {
    broadcast.offset = core.recovery->next(*net::Shard::current());
    offset = to_string(*broadcast.offset);
  }
  broadcast.message = core.writer.encode_event(core.name, ack_id, event, offset, flags.compress);
  if (core.outgoing_watchers.load(std::memory_order_relaxed) > 0) broadcast.content = std::make_shared<const Outgoing>(event);
  return broadcast;
}

void check_event_name(const Outgoing& event) {
  const json::string* name = event.array.empty() ? nullptr : event.array.front().if_string();
  if (name && is_reserved_event(*name)) {
    throw std::logic_error("the event name '" + std::string(*name) + "' is reserved; choose another");
  }
}

}  // namespace atrium::socketio
