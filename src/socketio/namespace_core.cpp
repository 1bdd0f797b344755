#include "socketio/namespace_core.h"

#include <stdexcept>

#include "socketio/packet_rules.h"

namespace atrium::socketio {

namespace {

Broadcast encode(const NamespaceCore& core, const EmitFlags& flags, const Outgoing& event, std::optional<std::uint64_t> ack_id,
                 std::optional<Offset> offset) {
  const std::string word = offset ? core.recovery->to_word(*offset) : "";
  Broadcast broadcast{.message = core.writer.encode_event(core.name, ack_id, event, word, flags.compress),
                      .may_drop = flags.may_drop,
                      .fleeting = flags.fleeting,
                      .offset = offset,
                      .episode = flags.episode};
  if (core.outgoing_watchers.load(std::memory_order_relaxed) > 0) broadcast.content = std::make_shared<const Outgoing>(event);
  return broadcast;
}

}  // namespace

Broadcast make_broadcast(NamespaceCore& core, const EmitFlags& flags, const Outgoing& event,
                         std::optional<std::uint64_t> ack_id) {
  // What asks for an acknowledgement is not told again: its answer would come to nobody.
  const bool logged = core.recovery && !ack_id;
  return encode(core, flags, event, ack_id,
                logged ? std::optional(core.recovery->next_broadcast(*net::Shard::current())) : std::nullopt);
}

Broadcast make_whisper(NamespaceCore& core, const EmitFlags& flags, const Outgoing& event) {
  return encode(core, flags, event, {},
                core.recovery ? std::optional(core.recovery->next_whisper(*net::Shard::current())) : std::nullopt);
}

Prepared make_prepared(const NamespaceCore& core, Outgoing event) {
  check_event_name(event);
  // Watchers may come later, so what was said is kept in any case.
  auto content = std::make_shared<const Outgoing>(std::move(event));
  return {.nsp = &core,
          .said = {.message = core.writer.encode_event(core.name, std::nullopt, *content), .content = std::move(content)}};
}

void check_event_name(const Outgoing& event) {
  const json::string* name = event.array.empty() ? nullptr : event.array.front().if_string();
  if (name && is_reserved_event(*name)) {
    throw std::logic_error("the event name '" + std::string(*name) + "' is reserved; choose another");
  }
}

}  // namespace atrium::socketio
