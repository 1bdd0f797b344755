#include "cluster/redis_streams_bus.h"

#include <charconv>

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

/// An entry's id is milliseconds and a number among those of the same one, with "-" between.
std::optional<std::pair<std::uint64_t, std::uint64_t>> parse_entry(std::string_view id) {
  std::pair<std::uint64_t, std::uint64_t> parsed;
  const char* const end = id.data() + id.size();
  const auto milliseconds = std::from_chars(id.data(), end, parsed.first);
  if (milliseconds.ec != std::errc() || milliseconds.ptr == end || *milliseconds.ptr != '-') return std::nullopt;
  const auto number = std::from_chars(milliseconds.ptr + 1, end, parsed.second);
  if (number.ec != std::errc() || number.ptr != end) return std::nullopt;
  return parsed;
}

/// Grows as the ids do.
std::optional<socketio::Offset> place_of(std::string_view id) {
  constexpr unsigned kBits = 20;
  const auto entry = parse_entry(id);
  if (!entry || entry->second >> kBits != 0 || entry->first >> (64 - kBits) != 0) return std::nullopt;
  return socketio::Offset{say::kBusOrigin, entry->first << kBits | entry->second};
}

/// The least id after that one; exclusive ranges need a Redis 6.2.
std::string next_entry(const std::string& id) {
  const auto entry = parse_entry(id);
  return entry ? std::to_string(entry->first) + "-" + std::to_string(entry->second + 1) : id;
}

std::string data_of(const adapter::Parts& parts) {
  if (parts.attachments.empty()) return json::serialize(parts.data);
  std::string octets;
  socketio::MsgpackWriter(octets).value(json::value(parts.data), parts.attachments);
  return base64_encode(octets);
}

}  // namespace

struct RedisStreamsBus::Entry {
  std::string id;
  std::string uid = {};
  std::string nsp = {};
  std::string type = {};
  std::string data = {};
};

struct RedisStreamsBus::Left {
  Left(std::string in, std::string heard, UniqueFunction<void(std::optional<LeftClient>)> on_told)
      : nsp(std::move(in)), last(std::move(heard)), told(std::move(on_told)) {}

  /// What the official adapter has written. False: it is none.
  bool read(std::string_view written) {
    const auto octets = base64_decode(written);
    const auto received = octets ? receive(*octets) : std::nullopt;
    if (!received) return false;
    client.sid = text_of(member(received->value, "sid"));
    client.rooms = texts_of(member(received->value, "rooms"));
    if (const json::value* data = member(received->value, "data"); data && data->is_object()) client.data = data->get_object();
    return !client.sid.empty();
  }

  const std::string nsp;
  std::string last;  ///< the entry that was read last
  std::size_t entries = 0;
  LeftClient client;
  UniqueFunction<void(std::optional<LeftClient>)> told;
};

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
    on_entry(entry);
  }
}

void RedisStreamsBus::on_entry(const Reply& read) {
  auto entry = entry_of(read);
  const Ears* ears = entry ? ears_of(entry->nsp) : nullptr;
  if (!ears || entry->uid == id()) return;
  hear(message_of(std::move(*entry)), *ears);
}

/// [id, [name, value, ...]].
std::optional<RedisStreamsBus::Entry> RedisStreamsBus::entry_of(const Reply& reply) {
  if (reply.parts.size() != 2) return std::nullopt;
  Entry entry{.id = reply.parts[0].text};
  const auto& fields = reply.parts[1].parts;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string& name = fields[i].text;
    const std::string& value = fields[i + 1].text;
    if (name == "uid") entry.uid = value;
    if (name == "nsp") entry.nsp = value;
    if (name == "type") entry.type = value;
    if (name == "data") entry.data = value;
  }
  return entry;
}

std::optional<NodeMessage> RedisStreamsBus::message_of(Entry entry) {
  const auto octets = entry.data.starts_with('{') ? std::optional(entry.data) : base64_decode(entry.data);
  auto received = octets ? receive(*octets) : std::nullopt;
  if (!received) return std::nullopt;
  auto message =
      adapter::message_of(entry.uid, std::atoi(entry.type.c_str()), received->value, std::move(received->attachments));
  auto* said = message ? std::get_if<say::Event>(&message->what) : nullptr;
  if (said && !said->place) said->place = place_of(entry.id);
  return message;
}

void RedisStreamsBus::take_left(const std::string& nsp, const std::string& pid, const std::string& offset,
                                UniqueFunction<void(std::optional<LeftClient>)> told) {
  const auto left = std::make_shared<Left>(nsp, offset, std::move(told));
  // The client has heard of that entry, so without it the stream is another one, or has forgotten what came after.
  client().ask({"XRANGE", stream_, offset, offset}, [this, left, key = "sio:session:" + pid](const Reply& reply) {
    if (reply.parts.size() != 1) return left->told(std::nullopt);
    client().ask({"MULTI"});
    client().ask({"GET", key});
    client().ask({"DEL", key});
    client().ask({"EXEC"}, [this, left](const Reply& taken) {
      const bool found = taken.parts.size() == 2 && left->read(taken.parts[0].text);
      if (!found) return left->told(std::nullopt);
      read_after(left);
    });
  });
}

void RedisStreamsBus::read_after(const std::shared_ptr<Left>& left) {
  const auto read = [this, left](const Reply& reply) {
    if (reply.failed()) return left->told(std::nullopt);
    for (const Reply& each : reply.parts) {
      auto entry = entry_of(each);
      if (!entry) continue;
      left->last = entry->id;
      ++left->entries;
      if (entry->nsp != left->nsp) continue;
      auto message = message_of(std::move(*entry));
      auto* said = message ? std::get_if<say::Event>(&message->what) : nullptr;
      if (said) left->client.after.push_back({std::move(message->from), std::move(*said)});
    }
    if (reply.parts.empty()) return left->told(std::move(left->client));
    if (left->entries > kMaxAfter) return left->told(std::nullopt);
    read_after(left);
  };
  client().ask({"XRANGE", stream_, next_entry(left->last), "+", "COUNT", kAtOnce}, read);
}

}  // namespace atrium::cluster
