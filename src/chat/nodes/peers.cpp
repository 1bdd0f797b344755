#include "chat/nodes/peers.h"

#include "base/log.h"
#include "base/random_id.h"
#include "net/hop.h"

namespace atrium::chat {

namespace {

// What the nodes say on the namespace, each as the one argument of an event.

constexpr const char* kFacts = "atrium:facts";
struct Facts {
  std::string from;
  std::uint64_t number = 0;
  json::value facts;  ///< [name, value] each
};
BOOST_DESCRIBE_STRUCT(Facts, (), (from, number, facts))

constexpr const char* kBeat = "atrium:beat";
struct Beat {
  std::string from;
  std::uint64_t number = 0;  ///< of the last facts
  facts::Load load;
};
BOOST_DESCRIBE_STRUCT(Beat, (), (from, number, load))

constexpr const char* kGoodbye = "atrium:goodbye";
struct Goodbye {
  std::string from;
};
BOOST_DESCRIBE_STRUCT(Goodbye, (), (from))

/// Answered with Facts: how things stand after those of that number.
constexpr const char* kStanding = "atrium:standing";
struct StandingRequest {
  std::string from;
  bool roster = false;
  std::vector<std::string> channels;
};
BOOST_DESCRIBE_STRUCT(StandingRequest, (), (from, roster, channels))

/// Answered when what was told up to that number has been acted on.
constexpr const char* kSettled = "atrium:settled";
struct SettledRequest {
  std::string from;
  std::uint64_t number = 0;
};
BOOST_DESCRIBE_STRUCT(SettledRequest, (), (from, number))

}  // namespace

Peers::Peers(const Config& config, socketio::Namespace& nsp, net::ShardSet& shards)
    : config_(config),
      alone_(config.redis.empty()),
      id_(object_id(shards[0].clock().wall())),
      nsp_(nsp),
      owner_(shards[0]),
      beat_([this] { beat(); }),
      sweep_([this] { sweep(); }) {
  if (alone_) return;
  listen<Facts>(kFacts, [this](const NodeId& from, Facts said, const Answer&) {
    json::array* facts = said.facts.if_array();
    if (!facts) return;
    Peer& peer = meet(from);
    for (const json::array& now : peer.line.hear({.number = said.number, .facts = std::move(*facts)})) {
      act(from, peer.running, now);
    }
    release(peer);
    look(peer);
  });
  listen<Beat>(kBeat, [this](const NodeId& from, const Beat& said, const Answer&) {
    Peer& peer = meet(from);
    peer.load = said.load;
    peer.line.expect(said.number);
    look(peer);
  });
  listen<Goodbye>(kGoodbye, [this](const NodeId& from, const Goodbye&, const Answer&) {
    meet(from).dead_at = owner_.clock().now() + 2 * config_.node_lease;
  });
  listen<StandingRequest>(kStanding, [this](const NodeId&, StandingRequest asked, const Answer& answer) {
    if (!answer) return;
    Wanted wanted{.roster = asked.roster, .channels = {asked.channels.begin(), asked.channels.end()}};
    spawn(tell_standing(std::move(wanted), answer));
  });
  listen<SettledRequest>(kSettled, [this](const NodeId& from, const SettledRequest& asked, const Answer& answer) {
    if (!answer) return;
    Peer& peer = meet(from);
    // Nobody waits longer than kPatience.
    if (peer.waiting.size() == kWaiting) peer.waiting.erase(peer.waiting.begin());
    peer.waiting.emplace_back(asked.number, [answer] { answer(nullptr); });
    release(peer);
  });
  owner_.post([this] {
    swept_ = owner_.clock().now();
    beat();
    sweep();
  });
}

template <class Said, class Ear>
void Peers::listen(const char* event, Ear ear) {
  nsp_.on_server_side(event, [ear](const json::array& args, const Answer& answer) {
    auto said = from_json<Said>(args.empty() ? json::value() : args.front());
    if (!said) return log::warn("what another node says cannot be understood: {}", said.error().message);
    const NodeId from(said->from);
    ear(from, std::move(*said), answer);
  });
}

// --- telling

void Peers::tell(json::array fact) {
  owner_.dispatch([this, fact = std::move(fact)]() mutable {
    // What is told in one turn goes together.
    if (unsaid_.empty()) owner_.post([this] { flush(); });
    unsaid_.push_back(std::move(fact));
  });
}

void Peers::flush() {
  if (unsaid_.empty()) return;
  ++said_;
  json::array facts = std::exchange(unsaid_, {});
  if (up_) nsp_.server_side_emit(kFacts, Facts{.from = id_.value, .number = said_, .facts = std::move(facts)});
}

void Peers::say_goodbye() {
  if (!alone_) nsp_.server_side_emit(kGoodbye, Goodbye{.from = id_.value});
}

Task<void> Peers::settle() {
  if (alone_) co_return;
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(owner_);
  flush();
  if (up_ && !peers_.empty()) {
    const SettledRequest request{.from = id_.value, .number = said_};
    co_await nsp_.server_side_emit_with_ack(kSettled, request);
  }
  co_await net::hop_to(origin);
}

Task<void> Peers::tell_standing(Wanted wanted, Answer answer) {
  flush();
  const std::uint64_t number = said_;
  Telling telling;
  for (const Standing& part : standing_) co_await part(wanted, telling);
  const Facts facts{.from = id_.value, .number = number, .facts = telling.take()};
  answer(to_json(facts));
}

// --- hearing

Peers::Peer& Peers::meet(const NodeId& node) {
  Peer& peer = peers_[node];
  has_others_ = true;
  peer.heard_at = owner_.clock().now();
  peer.dead_at = std::max(peer.dead_at, peer.heard_at + config_.node_lease);
  return peer;
}

void Peers::act(const NodeId& from, const Running& running, const json::array& facts) {
  for (const json::value& fact : facts) {
    const json::array* pair = fact.if_array();
    if (!pair || pair->size() != 2 || !pair->front().is_string()) continue;
    // A newer node may say more than this one understands.
    const auto known = acts_.find(std::string(pair->front().get_string()));
    if (known != acts_.end()) known->second(from, pair->back(), running);
  }
}

Task<void> Peers::respond(std::optional<Task<json::value>> found, Answer answer) {
  json::value told;
  try {
    if (found) told = co_await std::move(*found);
  } catch (const std::exception& error) {
    log::error("another node's question could not be answered: {}", error.what());
  }
  answer(std::move(told));
}

Task<void> Peers::carry_out(NodeId from, Running running, Task<void> task) {
  ++*running;
  try {
    co_await task;
  } catch (const std::exception& error) {
    log::error("what another node has told could not be carried out: {}", error.what());
  }
  --*running;
  if (const auto peer = peers_.find(from); peer != peers_.end()) release(peer->second);
}

void Peers::release(Peer& peer) {
  if (*peer.running > 0) return;
  auto waiting = std::exchange(peer.waiting, {});
  for (auto& [number, done] : waiting) {
    if (number > peer.line.heard()) {
      peer.waiting.emplace_back(number, std::move(done));
    } else {
      done();
    }
  }
}

// --- how things stand

void Peers::reach(bool up) {
  if (up_.exchange(up) == up) return;
  if (up) {
    log::info("the other nodes are within reach");
  } else {
    log::warn("the Redis is gone: this node goes on by itself until it is back");
  }
  for (const auto& listener : on_reach_) listener();
  if (!up) return;
  const TimePoint until = owner_.clock().now() + config_.node_lease;
  for (auto& [node, peer] : peers_) {
    peer.dead_at = std::max(peer.dead_at, until);
    peer.line.break_off();
  }
  beat();
  missed();
  if (!std::exchange(asking_, true)) spawn(ask_standing());
}

void Peers::look(const Peer& peer) {
  if (peer.line.whole()) return;
  if (!std::exchange(asking_, true)) spawn(ask_standing());
}

void Peers::missed() {
  for (const auto& listener : on_missed_) listener();
}

Task<void> Peers::ask_standing() {
  auto channels = co_await interest_();
  const StandingRequest request{.from = id_.value, .roster = true, .channels = std::move(channels)};
  const auto answers = co_await nsp_.server_side_emit_with_ack(kStanding, request);
  for (const json::value& answer : answers) take_standing(answer);
  // Who has not answered is asked again when he is heard.
  asking_ = false;
}

void Peers::take_standing(const json::value& answer) {
  auto said = from_json<Facts>(answer);
  if (!said || !said->facts.is_array()) return;
  const NodeId from(said->from);
  Peer& peer = meet(from);
  const PeerLine::Standing standing = peer.line.stand(said->number);
  for (const json::array& facts : standing.before) act(from, peer.running, facts);
  act(from, peer.running, said->facts.get_array());
  for (const json::array& facts : standing.after) act(from, peer.running, facts);
  release(peer);
  if (standing.lost) missed();
}

Task<void> Peers::ask_about(storage::ChannelId channel) {
  if (alone_) co_return;
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(owner_);
  if (up_ && !peers_.empty()) {
    const StandingRequest request{.from = id_.value, .roster = false, .channels = {channel.value}};
    const auto answers = co_await nsp_.server_side_emit_with_ack(kStanding, request);
    for (const json::value& answer : answers) {
      auto said = from_json<Facts>(answer);
      if (!said || !said->facts.is_array()) continue;
      const NodeId from(said->from);
      act(from, meet(from).running, said->facts.get_array());
    }
  }
  co_await net::hop_to(origin);
}

// --- who lives

void Peers::beat() {
  flush();
  if (look_at_self_) load_ = look_at_self_();
  if (up_) nsp_.server_side_emit(kBeat, Beat{.from = id_.value, .number = said_, .load = load_});
  owner_.deadlines().arm(beat_, config_.node_lease * 3 / 10);
}

void Peers::sweep() {
  const TimePoint now = owner_.clock().now();
  // Nobody was heard while this program slept.
  const bool slept = now - swept_ > config_.node_lease / 2;
  swept_ = now;
  std::vector<NodeId> dead;
  for (auto& [node, peer] : peers_) {
    if (slept) peer.dead_at = std::max(peer.dead_at, now + config_.node_lease);
    if (up_ && peer.dead_at <= now) dead.push_back(node);
  }
  for (const NodeId& node : dead) {
    log::warn("node {} is not heard any more: its users have gone", node.value);
    peers_.erase(node);
    has_others_ = !peers_.empty();
    for (const auto& listener : on_gone_) listener(node);
  }
  owner_.deadlines().arm(sweep_, config_.node_lease / 10);
}

bool Peers::leads() const { return peers_.empty() || id_ < peers_.begin()->first; }

std::vector<Peers::Node> Peers::nodes() const {
  std::vector<Node> nodes;
  nodes.push_back({.id = id_, .load = look_at_self_ && alone_ ? look_at_self_() : load_, .heard_ago = std::nullopt});
  const TimePoint now = owner_.clock().now();
  for (const auto& [id, peer] : peers_) nodes.push_back({.id = id, .load = peer.load, .heard_ago = now - peer.heard_at});
  return nodes;
}

}  // namespace atrium::chat
