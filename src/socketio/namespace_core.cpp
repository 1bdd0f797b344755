#include "socketio/namespace_core.h"

#include <stdexcept>

#include "socketio/packet_rules.h"

namespace atrium::socketio {

namespace {

Broadcast encode(const NamespaceCore& core, const EmitFlags& flags, const Outgoing& event, std::optional<std::uint64_t> ack_id,
                 std::optional<Offset> offset) {
  const std::string word = offset ? core.recovery->to_word(*offset) : "";
  return {.message = core.writer.encode_event(core.name, ack_id, event, word, flags.compress),
          .may_drop = flags.may_drop,
          .fleeting = flags.fleeting,
          .offset = offset,
          .episode = flags.episode};
}

bool is_watched(const NamespaceCore& core) { return core.outgoing_watchers.load(std::memory_order_relaxed) > 0; }

/// What asks for an acknowledgement is not told again: its answer would come to nobody.
std::optional<Offset> next_offset(NamespaceCore& core, std::optional<std::uint64_t> ack_id) {
  if (!core.recovery || ack_id) return std::nullopt;
  return core.recovery->next_broadcast(*net::Shard::current());
}

}  // namespace

Broadcast make_broadcast(NamespaceCore& core, const EmitFlags& flags, const Outgoing& event,
                         std::optional<std::uint64_t> ack_id) {
  Broadcast broadcast = encode(core, flags, event, ack_id, next_offset(core, ack_id));
  if (core.relayed || is_watched(core)) broadcast.content = std::make_shared<const Outgoing>(event);
  return broadcast;
}

Broadcast make_relayed(NamespaceCore& core, const EmitFlags& flags, std::shared_ptr<const Outgoing> event,
                       std::optional<std::uint64_t> ack_id, std::optional<Offset> offset) {
  Broadcast broadcast = encode(core, flags, *event, ack_id, offset ? offset : next_offset(core, ack_id));
  broadcast.content = std::move(event);
  return broadcast;
}

Broadcast make_whisper(NamespaceCore& core, const EmitFlags& flags, const Outgoing& event) {
  Broadcast whisper = encode(core, flags, event, {},
                             core.recovery ? std::optional(core.recovery->next_whisper(*net::Shard::current())) : std::nullopt);
  if (is_watched(core)) whisper.content = std::make_shared<const Outgoing>(event);
  return whisper;
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
