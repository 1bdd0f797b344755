#include "cluster/lost_clients.h"

#include <algorithm>
#include <unordered_set>

#include "base/log.h"
#include "cluster/client_wire.h"
#include "cluster/wire_parts.h"
#include "socketio/passage.h"

namespace atrium::cluster {

using socketio::HandedOver;
using socketio::RecoveryLog;
using socketio::Restored;

namespace {

// Questions between servers: [name, pid], answered with the rooms, and [name, pid, offset], answered with a Client. Whoever
// does not know the client answers null.
constexpr std::string_view kWhere = "atrium:where";
constexpr std::string_view kGive = "atrium:give";

struct Client {
  std::string sid;
  std::vector<std::string> rooms;
  json::value data;
  std::vector<std::string> spared;
  std::vector<ClientSaid> missed;
  json::value seen;  ///< see Origins::tell()
};
BOOST_DESCRIBE_STRUCT(Client, (), (sid, rooms, data, spared, missed, seen))

/// The form of what official nodes give their clients: an entry of the stream.
bool is_entry(const std::optional<std::string>& offset) {
  return offset && offset->find('-') != offset->npos && offset->find_first_not_of("0123456789-") == offset->npos;
}

void raise(RecoveryLog::Seen& seen, std::uint32_t origin, std::uint64_t number) {
  if (origin >= seen.size()) seen.resize(origin + 1);
  seen[origin] = std::max(seen[origin], number);
}

}  // namespace

struct LostClients::Search {
  net::Shard& shard;  ///< where the client is to go on
  const std::string pid;
  const std::optional<std::string> offset;
  Found found;
  /// By that shard, before anybody was asked. All of it had been said on the bus before, see seek().
  const RecoveryLog::Seen seen;
  std::size_t shards_left;
  std::shared_ptr<const void> hold = {};
  std::uint64_t unnumbered = 0;  ///< events without numbers that came before the question, here as there
};

LostClients::LostClients(std::shared_ptr<Bus> bus, const std::shared_ptr<socketio::NamespaceCore>& core, Cluster cluster)
    : bus_(std::move(bus)),
      core_(core),
      nsp_(core->name),
      cluster_(std::move(cluster)),
      origins_(bus_->id(), core->shards.size()) {}

// --- where the client has come

void LostClients::seek(net::Shard& shard, const std::string& pid, const std::optional<std::string>& offset, Found found) {
  const auto core = core_.lock();
  if (!core || searches_ >= kAtOnce) return found(std::nullopt);
  ++searches_;
  const auto search = std::make_shared<Search>(
      Search{shard, pid, offset, std::move(found), core->recovery->log(shard).seen(), core->shards.size()});
  // What another shard has said may be known here before it is on the bus; once that shard has been asked it is.
  for (auto& each : core->shards) {
    each->dispatch([self = shared_from_this(), search] {
      self->bus_->shard().dispatch([self, search] {
        if (--search->shards_left == 0) self->begin(search);
      });
    });
  }
}

void LostClients::begin(const SearchPtr& search) {
  if (is_entry(search->offset)) return look_for_left(search);
  ask_where(search);
}

void LostClients::look_for_left(const SearchPtr& search) {
  bus_->take_left(nsp_, search->pid, *search->offset, [self = shared_from_this(), search](std::optional<LeftClient> client) {
    if (client) return self->take(search, *client);
    // One of ours may know a client that came from an official node before, and has heard nothing since.
    self->ask_where(search);
  });
}

void LostClients::ask_where(const SearchPtr& search) {
  if (!bus_->follows_rooms()) return ask_for(search);
  const auto follow = [self = shared_from_this(), search](const std::vector<json::value>& answers) {
    if (answers.empty()) return self->end(search, std::nullopt);
    search->hold = self->cluster_.hold(texts_of(&answers.front()));
    self->bus_->confirm_rooms([self, search](bool here) {
      if (!here) return self->end(search, std::nullopt);
      self->ask_for(search);
    });
  };
  cluster_.ask({kWhere, json::string(search->pid)}, kPatience, follow);
}

void LostClients::ask_for(const SearchPtr& search) {
  search->unnumbered = origins_.unnumbered_heard();
  const auto asked = asked_.emplace(search->pid, search);
  json::array question{kGive, json::string(search->pid)};
  if (search->offset) question.emplace_back(json::string(*search->offset));
  cluster_.ask(std::move(question), kPatience,
               [self = shared_from_this(), search, asked](const std::vector<json::value>& answers) {
                 self->asked_.erase(asked);
                 if (answers.empty()) return self->end(search, std::nullopt);
                 self->take(search, answers.front());
               });
}

void LostClients::take(const SearchPtr& search, const LeftClient& client) {
  HandedOver over{
      .sid = client.sid, .rooms = client.rooms, .former = {}, .data = client.data, .missed = {}, .seen = search->seen};
  const std::unordered_set<std::string_view> rooms(client.rooms.begin(), client.rooms.end());
  for (const auto& [from, event] : client.after) {
    if (event.place) {
      const auto place = origins_.known(from, *event.place);
      raise(*over.seen, place.origin, place.number);
    }
    if (event.may_drop || !is_meant(event.audience, rooms)) continue;
    over.missed.push_back({.event = *event.event, .audience = event.audience});
  }
  std::erase(over.rooms, over.sid);
  end(search, std::move(over));
}

void LostClients::take(const SearchPtr& search, const json::value& answer) {
  auto client = from_json<Client>(answer);
  if (!client) {
    log::warn("another node's answer about a client cannot be understood: {} {}", client.error().field, client.error().message);
    return end(search, std::nullopt);
  }
  HandedOver over{.sid = std::move(client->sid),
                  .rooms = std::move(client->rooms),
                  .former = {},
                  .data = client->data.is_object() ? client->data.get_object() : json::object(),
                  .missed = from_wire(std::move(client->missed)),
                  .spared = from_wire(client->spared),
                  .seen = origins_.understand(client->seen)};
  // What was here before the question was there before it too, if it was meant for that node at all.
  if (!bus_->questions_overtake()) {
    for (std::uint32_t origin = 0; origin < search->seen.size(); ++origin) raise(*over.seen, origin, search->seen[origin]);
  }
  if (!bus_->questions_overtake()) (*over.seen)[origins_.unnumbered()] = search->unnumbered;
  end(search, std::move(over));
}

void LostClients::hear_echo(const json::array& event) {
  if (event.size() < 2 || text_of(&event[0]) != kGive) return;
  const auto [begin, end] = asked_.equal_range(text_of(&event[1]));
  for (auto asked = begin; asked != end; ++asked) {
    if (const auto search = asked->second.lock()) search->unnumbered = origins_.unnumbered_heard();
  }
}

void LostClients::end(const SearchPtr& search, std::optional<HandedOver> client) {
  if (client) client->hold = cluster_.hold(client->rooms);
  search->hold.reset();
  --searches_;
  search->shard.dispatch(
      [search, client = std::move(client)]() mutable { std::exchange(search->found, {})(std::move(client)); });
}

// --- where it was

bool LostClients::hear(const json::array& event, const std::function<void(json::value)>& answer) {
  const json::string* name = event.front().if_string();
  if (!name || (*name != kWhere && *name != kGive)) return false;
  const auto core = core_.lock();
  const json::string* pid = event.size() > 1 ? event[1].if_string() : nullptr;
  if (!core || !pid) {
    answer(nullptr);
  } else if (*name == kWhere) {
    core->recovery->find(bus_->shard(), std::string(*pid), [answer](std::optional<socketio::Recovery::Known> known) {
      answer(known ? json::value(to_json(known->rooms)) : nullptr);
    });
  } else {
    auto offset = event.size() > 2 ? std::optional(text_of(&event[2])) : std::nullopt;
    const auto give = [self = shared_from_this(), answer,
                       unnumbered = origins_.unnumbered_heard()](std::optional<Restored> restored) {
      answer(restored ? self->told(std::move(*restored), unnumbered) : nullptr);
    };
    core->recovery->give_away(bus_->shard(), std::string(*pid), std::move(offset), give);
  }
  return true;
}

json::value LostClients::told(Restored restored, std::uint64_t unnumbered) const {
  // Those after the question its new node tells it.
  std::erase_if(restored.missed, [&](const RecoveryLog::Item& item) {
    return item.offset.origin == origins_.unnumbered() && item.offset.number > unnumbered;
  });
  json::array seen = origins_.tell(restored.seen);
  auto client = socketio::send_off(std::move(restored));
  if (!client) return nullptr;
  return atrium::to_json(Client{.sid = std::move(client->sid),
                                .rooms = std::move(client->rooms),
                                .data = std::move(client->data),
                                .spared = to_wire(client->spared),
                                .missed = to_wire(std::move(client->missed)),
                                .seen = std::move(seen)});
}

}  // namespace atrium::cluster
