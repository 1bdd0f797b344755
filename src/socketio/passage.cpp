#include "socketio/passage.h"

#include "base/random_id.h"
#include "socketio/msgpack_packet.h"
#include "socketio/packet_decoder.h"

namespace atrium::socketio {

namespace {

/// The packet that `message` is; none: it breaks the rules of a client's.
std::optional<Packet> packet_of(const engineio::SharedMessage& message) {
  const auto& attachments = message.attachments();
  if (message.text_packet().empty()) {
    auto packet = decode_msgpack(attachments.front().view());
    return packet ? std::optional(std::move(*packet)) : std::nullopt;
  }
  constexpr std::size_t kEngineType = 1;  // the digit of the engine's packet
  PacketDecoder decoder(attachments.size());
  auto packet = decoder.feed_text(message.text_packet().substr(kEngineType));
  for (const Bytes& octets : attachments) {
    if (packet) packet = decoder.feed_binary(octets.view());
  }
  return packet ? std::move(*packet) : std::nullopt;
}

/// The event, without its offset.
std::optional<Outgoing> event_of(const engineio::SharedMessage& message) {
  auto packet = packet_of(message);
  if (!packet || !packet->data || !packet->data->is_array()) return std::nullopt;
  Outgoing event{.array = std::move(packet->data->get_array()), .attachments = std::move(packet->attachments)};
  if (event.array.empty()) return std::nullopt;
  event.array.pop_back();
  return event;
}

}  // namespace

std::optional<HandedOver> send_off(Restored restored) {
  HandedOver client{.sid = std::move(restored.sid),
                    .rooms = std::move(restored.rooms),
                    .former = {},
                    .data = std::move(restored.data),
                    .missed = {},
                    .spared = std::move(restored.spared)};
  for (const auto& item : restored.missed) {
    auto event = event_of(*item.message);
    if (!event) return std::nullopt;
    client.missed.push_back(
        {.event = std::move(*event), .audience = item.audience ? *item.audience : Audience{}, .episode = item.episode});
  }
  return client;
}

std::optional<Restored> take_in(NamespaceCore& core, const net::Shard& shard, std::string pid,
                                std::optional<std::string> offset, HandedOver client, RecoveryLog::Seen seen) {
  Restored restored{.sid = std::move(client.sid),
                    .pid = std::move(pid),
                    .rooms = std::move(client.rooms),
                    .data = std::move(client.data),
                    .missed = {},
                    .seen = std::move(seen),
                    .spared = std::move(client.spared),
                    .foreign = std::move(offset),
                    .former = std::move(client.former),
                    .hold = std::move(client.hold)};
  for (auto& said : client.missed) {
    const Broadcast whisper = make_whisper(core, {.episode = said.episode}, said.event);
    auto audience = said.audience.rooms.empty() ? nullptr : std::make_shared<const Audience>(std::move(said.audience));
    restored.missed.push_back(
        {.offset = *whisper.offset, .message = whisper.message, .audience = std::move(audience), .episode = said.episode});
  }
  if (client.seen && !core.recovery->catch_up_with(shard, restored, std::move(*client.seen))) return std::nullopt;
  if (!core.recovery->take_over(shard, restored)) return std::nullopt;
  return restored;
}

void bring_back(const std::shared_ptr<NamespaceCore>& core, net::Shard& shard, const std::string& pid,
                const std::optional<std::string>& offset, Recovery::Callback callback) {
  core->recovery->restore(
      shard, pid, offset,
      [core, &shard, pid, offset, callback = std::move(callback)](std::optional<Restored> restored) mutable {
        const auto& seek = core->recovery->elsewhere();
        if (restored || !seek || !first_octet_of(pid)) return callback(std::move(restored));
        auto seen = core->recovery->log(shard).seen();
        seek(shard, pid, offset,
             [core, &shard, pid, offset, seen = std::move(seen),
              callback = std::move(callback)](std::optional<HandedOver> client) mutable {
               if (!client) return callback(std::nullopt);
               callback(take_in(*core, shard, pid, offset, std::move(*client), std::move(seen)));
             });
      });
}

}  // namespace atrium::socketio
