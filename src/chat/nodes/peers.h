#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/task.h"
#include "chat/config.h"
#include "chat/nodes/facts.h"
#include "chat/nodes/node_id.h"
#include "chat/nodes/peer_line.h"
#include "net/deadline_queue.h"
#include "net/hop.h"
#include "socketio/namespace.h"

namespace atrium::chat {

/// The other nodes of the chat: what this one tells them, what they tell it, and whether they are alive. Every node speaks of
/// its own and keeps what the others say, so that each can tell its clients everything by itself; nothing is kept in the Redis.
///
/// A node that is not heard for Config::node_lease is taken for dead, by this node's own clock, and what it said holds no more.
/// While the Redis is away nobody is: then what was said last holds. Whoever has missed something asks how things stand.
///
/// One shard, the first, hears and numbers everything; parts of the chat say what they want to hear before the start. See
/// docs/decisions/nodes-tell-facts.md.
class Peers final {
 public:
  /// `nsp`: in which the nodes speak, by its server-side events.
  Peers(const Config& config, socketio::Namespace& nsp, net::ShardSet& shards);

  /// Any thread: there is no cluster.
  bool alone() const { return alone_; }

  // Before the start. All are called on the first shard.
  /// `act(const NodeId& from, const Fact& fact)`.
  template <class Fact, class Act>
  void hear(Act act) {
    acts_[std::string(Fact::kName)] = [act = std::move(act)](const NodeId& from, const json::value& value, const Running&) {
      if (const auto fact = read<Fact>(value)) act(from, *fact);
    };
  }
  /// The same, with a task: whoever told it can wait until that has ended. `act(Fact fact)`.
  template <class Fact, class Act>
  void obey(Act act) {
    acts_[std::string(Fact::kName)] = [this, act = std::move(act)](const NodeId& from, const json::value& value,
                                                                   const Running& running) {
      if (auto fact = read<Fact>(value)) spawn(carry_out(from, running, act(std::move(*fact))));
    };
  }
  /// `answer(Question question)`, a Task of what another node's ask() gets.
  template <class Question, class Answerer>
  void on_question(Answerer answerer) {
    nsp_.on_server_side(Question::kName, [answerer](const json::array& args, const Answer& answer) {
      auto question = from_json<Question>(args.empty() ? json::value() : args.front());
      if (answer) spawn(respond(question ? std::optional(answerer(std::move(*question))) : std::nullopt, answer));
    });
  }
  /// What a node wants to know of how things stand here.
  struct Wanted {
    bool roster = false;
    std::vector<storage::ChannelId> channels;
  };
  /// Facts, gathered for one node.
  class Telling;
  using Standing = std::function<Task<void>(const Wanted& wanted, Telling& telling)>;
  void on_standing(Standing tell) { standing_.push_back(std::move(tell)); }
  /// The channels of which this node wants to know how they stand elsewhere.
  void on_interest(std::function<Task<std::vector<std::string>>()> list) { interest_ = std::move(list); }
  /// What that node said holds no more.
  void on_gone(std::function<void(const NodeId&)> listener) { on_gone_.push_back(std::move(listener)); }
  /// What this node says of itself.
  void on_beat(std::function<facts::Load()> look) { look_at_self_ = std::move(look); }
  /// Something may have been told that this node has not heard.
  void on_missed(std::function<void()> listener) { on_missed_.push_back(std::move(listener)); }

  /// The Redis has come within reach, or is out of it.
  void on_reach(std::function<void()> listener) { on_reach_.push_back(std::move(listener)); }

  /// The Redis is within reach, or not. On the first shard.
  void reach(bool up);
  /// Any thread: there are to be others, but they are out of reach.
  bool degraded() const { return !alone_ && !up_; }

  /// Any thread: there are others, as far as this one has heard.
  bool has_others() const { return has_others_; }

  // Any shard.
  /// To all other nodes; what one shard tells keeps its order. Lost while the Redis is away.
  template <class Fact>
  void tell(const Fact& fact) {
    if (!alone_) tell(json::array{json::string(Fact::kName), to_json(fact)});
  }
  /// Resumes on the same shard when all nodes have acted on what this shard has told, or half a second later.
  Task<void> settle();
  /// How a channel stands on the other nodes: their facts of it come to the ears of facts::Channel before this ends, on the
  /// same shard; a node that does not answer within half a second is left out.
  Task<void> ask_about(storage::ChannelId channel);
  /// What all other nodes answer to `question`, after all that this shard has told; null of those that have no answer. A node
  /// that does not answer within half a second is left out.
  template <class Question>
  Task<std::vector<json::value>> ask(Question question) {
    net::Shard& origin = *net::Shard::current();
    co_await net::hop_to(owner_);
    flush();
    std::vector<json::value> answers;
    if (up_ && !peers_.empty()) answers = co_await nsp_.server_side_emit_with_ack(Question::kName, question);
    co_await net::hop_to(origin);
    co_return answers;
  }
  /// They will not hear of this node any more, and are to give its users time to come to them.
  void say_goodbye();

  // On the first shard.
  /// Of all nodes that live, this one is to do what only one should.
  bool leads() const;
  /// Any thread.
  const NodeId& id() const { return id_; }
  struct Node {
    NodeId id;
    facts::Load load;
    std::optional<Duration> heard_ago;  ///< none: this one
  };
  /// Those that live, this one first.
  std::vector<Node> nodes() const;

  /// How long others are waited for; for cluster::RedisOptions::patience.
  static constexpr Duration kPatience = std::chrono::milliseconds(500);
  static constexpr std::size_t kWaiting = 1'000;  ///< settle() of one node that may wait

 private:
  using Running = std::shared_ptr<int>;  ///< how many tasks of obey()
  struct Peer {
    PeerLine line;
    TimePoint heard_at{};
    TimePoint dead_at{};
    facts::Load load = {};
    Running running = std::make_shared<int>(0);
    /// Who waits for those tasks: after which envelope, and what to do.
    std::vector<std::pair<std::uint64_t, std::function<void()>>> waiting = {};
  };
  using Act = std::function<void(const NodeId& from, const json::value& fact, const Running& running)>;
  using Answer = std::function<void(json::value)>;

  template <class Fact>
  static std::optional<Fact> read(const json::value& value) {
    auto fact = from_json<Fact>(value);
    if (fact) return std::move(*fact);
    log::warn("another node tells '{}' in a way that this one does not understand: {} {}", Fact::kName, fact.error().field,
              fact.error().message);
    return std::nullopt;
  }

  void tell(json::array fact);
  void flush();
  template <class Said, class Ear>
  void listen(const char* event, Ear ear);
  static Task<void> respond(std::optional<Task<json::value>> found, Answer answer);
  Task<void> carry_out(NodeId from, Running running, Task<void> task);
  void act(const NodeId& from, const Running& running, const json::array& facts);
  /// What comes from a node is a sign of life.
  Peer& meet(const NodeId& node);
  Task<void> tell_standing(Wanted wanted, Answer answer);
  void release(Peer& peer);
  /// Asks how things stand when somebody's line is not whole.
  void look(const Peer& peer);
  Task<void> ask_standing();
  void take_standing(const json::value& answer);
  void missed();
  void beat();
  void sweep();

  const Config& config_;
  const bool alone_;
  const NodeId id_;
  socketio::Namespace& nsp_;
  net::Shard& owner_;
  std::unordered_map<std::string, Act> acts_;
  std::vector<Standing> standing_;
  std::function<Task<std::vector<std::string>>()> interest_;
  std::function<facts::Load()> look_at_self_;
  std::vector<std::function<void(const NodeId&)>> on_gone_;
  std::vector<std::function<void()>> on_missed_;
  std::vector<std::function<void()>> on_reach_;
  std::atomic<bool> up_ = false;
  std::atomic<bool> has_others_ = false;

  // On the first shard.
  std::uint64_t said_ = 0;  ///< envelopes
  json::array unsaid_;
  facts::Load load_;  ///< as of the last beat
  std::map<NodeId, Peer> peers_;
  bool asking_ = false;
  TimePoint swept_{};
  net::Deadline beat_;
  net::Deadline sweep_;
};

/// What a node is told of how things stand.
class Peers::Telling final {
 public:
  template <class Fact>
  void add(const Fact& fact) {
    facts_.push_back(json::array{json::string(Fact::kName), to_json(fact)});
  }
  json::array take() { return std::move(facts_); }

 private:
  json::array facts_;
};

}  // namespace atrium::chat
