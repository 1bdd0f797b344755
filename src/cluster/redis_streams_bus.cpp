#include "cluster/redis_streams_bus.h"

#include "base/base64.h"
#include "base/log.h"
#include "cluster/adapter_wire.h"
#include "socketio/msgpack_writer.h"

namespace atrium::cluster {

namespace {

using redis::Reply;

constexpr std::string_view kMaxEntries = "10000";  // of the stream, about
constexpr std::string_view kAtOnce = "100";
constexpr std::string_view kBlockMs = "2000";  // less than a link is quiet before it is probed

/// Worth nothing to those who come later: questions, and what servers say to each other.
bool is_passing(const NodeMessage& message) {
  return !message.request.empty() || std::holds_alternative<say::ServerEvent>(message.what);
}

std::string data_of(const adapter::Parts& parts) {
  if (parts.attachments.empty()) return json::serialize(parts.data);
  std::string octets;
  socketio::MsgpackWriter(octets).value(json::value(parts.data), parts.attachments);
  return base64_encode(octets);
}

}  // namespace

RedisStreamsBus::RedisStreamsBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                                 std::function<void(bool up)> on_change)
    : AdapterBus(shard, address, key, {redis::Subscriber::By::name, "PUBLISH", "NUMSUB"}, std::move(on_change)),
      stream_(key),
      reader_(shard, address, "the cluster's reader") {
  reader_.on_change([this](bool up) { on_reader(up); });
  shard.post([this] { reader_.start(); });
}

void RedisStreamsBus::say(const std::string& nsp, const NodeMessage& message) {
  adapter::Parts parts = adapter::parts_of(message);
  if (is_passing(message)) {
    return publish(commands().publish, channel_of(nsp), adapter::encode_msgpack(nsp, message.from, std::move(parts)));
  }
  shard().dispatch([this, nsp, from = message.from, type = std::to_string(parts.type), data = data_of(parts)] {
    client().ask({"XADD", stream_, "MAXLEN", "~", kMaxEntries, "*", "uid", from, "nsp", nsp, "type", type, "data", data});
  });
}

void RedisStreamsBus::on_reader(bool up) {
  reading_ = up && !after_.empty();
  if (up && after_.empty()) {
    begin_after_the_last();
  } else if (up) {
    read_on();
  }
  look();
}

void RedisStreamsBus::begin_after_the_last() {
  reader_.ask({"XREVRANGE", stream_, "+", "-", "COUNT", "1"}, [this](const Reply& reply) {
    if (reply.failed()) return log::error("the cluster's stream cannot be read: {}", reply.text);
    const bool empty = reply.parts.empty() || reply.parts[0].parts.empty();
    after_ = empty ? "0-0" : reply.parts[0].parts[0].text;
    reading_ = true;
    read_on();
    look();
  });
}

void RedisStreamsBus::read_on() {
  reader_.ask({"XREAD", "COUNT", kAtOnce, "BLOCK", kBlockMs, "STREAMS", stream_, after_}, [this](const Reply& reply) {
    if (reply.failed()) {
      // Gone, and back by on_reader(); or no stream at all, of which the log should know.
      if (reader_.up()) log::error("the cluster's stream cannot be read: {}", reply.text);
      return;
    }
    on_entries(reply);
    read_on();
  });
}

/// [[stream, [[id, [name, value, ...]], ...]]]; nil where nothing came in time.
void RedisStreamsBus::on_entries(const Reply& reply) {
  if (reply.parts.empty() || reply.parts[0].parts.size() != 2) return;
  for (const Reply& entry : reply.parts[0].parts[1].parts) {
    if (entry.parts.size() != 2) continue;
    after_ = entry.parts[0].text;
    on_entry(entry.parts[1]);
  }
}

void RedisStreamsBus::on_entry(const Reply& fields) {
  std::string uid;
  std::string nsp;
  std::string type;
  std::string data;
  for (std::size_t i = 0; i + 1 < fields.parts.size(); i += 2) {
    const std::string& name = fields.parts[i].text;
    const std::string& value = fields.parts[i + 1].text;
    if (name == "uid") uid = value;
    if (name == "nsp") nsp = value;
    if (name == "type") type = value;
    if (name == "data") data = value;
  }
  const Ears* ears = ears_of(nsp);
  if (!ears || uid == id()) return;
  const auto octets = data.starts_with('{') ? std::optional(data) : base64_decode(data);
  auto received = octets ? receive(*octets) : std::nullopt;
  if (!received) return;
  hear(adapter::message_of(uid, std::atoi(type.c_str()), received->value, std::move(received->attachments)), *ears);
}

}  // namespace atrium::cluster
