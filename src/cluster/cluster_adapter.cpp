#include "cluster/cluster_adapter.h"

#include <algorithm>
#include <atomic>
#include <set>

#include "socketio/guarded.h"
#include "socketio/room_events.h"

namespace atrium::cluster {

using socketio::AckAnswer;
using socketio::AckAnswers;
using socketio::Audience;
using socketio::SocketInfo;

namespace {

/// What is known here and what the others say, put together for whoever asked.
template <class T>
struct Joined {
  Joined(net::Shard& shard, UniqueFunction<void(T)> on_done) : asker(shard), done(std::move(on_done)) {}

  /// On the asker's shard, for each of the two.
  void half() {
    if (--left == 0) done(std::move(all));
  }

  net::Shard& asker;
  UniqueFunction<void(T)> done;
  T all{};
  int left = 2;
};

template <class T>
void append(std::vector<T>& to, std::vector<T> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

}  // namespace

std::shared_ptr<ClusterAdapter> ClusterAdapter::make(std::shared_ptr<Bus> bus, const Core& core,
                                                     std::shared_ptr<socketio::LocalAdapter> local, const Options& options) {
  std::shared_ptr<ClusterAdapter> made(new ClusterAdapter(std::move(bus), core, std::move(local), options.patience));
  core->relayed = true;
  if (core->recovery && options.recovery) made->look_for_lost_clients(core);
  const Bus::Ears ears{.owner = made,
                       .message =
                           [weak = std::weak_ptr(made)](NodeMessage message) {
                             if (const auto self = weak.lock()) self->on_message(std::move(message));
                           },
                       .answer =
                           [weak = std::weak_ptr(made)](NodeAnswer answer) {
                             if (const auto self = weak.lock()) self->pending_.answered(answer);
                           },
                       .echo =
                           [weak = std::weak_ptr(made)](const NodeMessage& message) {
                             const auto self = weak.lock();
                             const auto* said = std::get_if<say::ServerEvent>(&message.what);
                             if (self && self->lost_ && said) self->lost_->hear_echo(said->event);
                           }};
  made->bus_->shard().post([bus = made->bus_, nsp = made->nsp_, ears] { bus->enter(nsp, ears); });
  return made;
}

ClusterAdapter::ClusterAdapter(std::shared_ptr<Bus> bus, const Core& core, std::shared_ptr<socketio::LocalAdapter> local,
                               Duration patience)
    : bus_(std::move(bus)),
      nsp_(core->name),
      core_(core),
      local_(std::move(local)),
      patience_(patience),
      pending_(bus_->shard().deadlines()),
      followed_([this](const std::string& room, bool wanted) { bus_->on_room(nsp_, room, wanted); }) {}

void ClusterAdapter::watch(socketio::RoomEvents& events) {
  if (!bus_->follows_rooms()) return;
  const auto tell = [weak = weak_from_this()](auto change) {
    return [weak, change](const std::string& room) {
      const auto self = weak.lock();
      if (self) self->bus_->shard().dispatch([self, room, change] { (self->followed_.*change)(room); });
    };
  };
  events.tell_adapter(tell(&FollowedRooms::want), tell(&FollowedRooms::give_up));
}

std::shared_ptr<const void> ClusterAdapter::hold(const std::vector<std::string>& rooms) {
  if (!bus_->follows_rooms() || rooms.empty()) return nullptr;
  const auto all = [rooms](auto change) {
    return [rooms, change](ClusterAdapter& self) {
      for (const auto& room : rooms) (self.followed_.*change)(room);
    };
  };
  bus_->shard().dispatch([self = shared_from_this(), want = all(&FollowedRooms::want)] { want(*self); });
  const auto release = [weak = weak_from_this(), give_up = all(&FollowedRooms::give_up)](const void*) {
    const auto self = weak.lock();
    if (self) self->bus_->shard().dispatch([self, give_up] { give_up(*self); });
  };
  return {static_cast<const void*>(this), release};
}

void ClusterAdapter::look_for_lost_clients(const Core& core) {
  const auto ask = [weak = weak_from_this()](json::array question, Duration patience, LostClients::Answers told) {
    const auto self = weak.lock();
    if (!self) return told({});
    const auto answers = std::make_shared<std::vector<json::value>>();
    const auto take = [answers, heard = std::size_t{0}](NodeAnswer& answer, std::size_t nodes) mutable {
      auto* given = std::get_if<answer::ServerAnswer>(&answer.what);
      if (given && !given->argument.is_null()) answers->push_back(std::move(given->argument));
      return ++heard >= nodes || !answers->empty();
    };
    const auto end = [answers, told = std::make_shared<LostClients::Answers>(std::move(told))](std::optional<std::size_t>) {
      (*told)(std::move(*answers));
    };
    self->ask_others(say::ServerEvent{std::move(question)}, patience, take, end);
  };
  const auto follow = [weak = weak_from_this()](const std::vector<std::string>& rooms) {
    const auto self = weak.lock();
    return self ? self->hold(rooms) : nullptr;
  };
  lost_ = std::make_shared<LostClients>(bus_, core, LostClients::Cluster{.ask = ask, .hold = follow});
  core->recovery->seek_elsewhere([weak = std::weak_ptr(lost_)](net::Shard& shard, const std::string& pid,
                                                               const std::optional<std::string>& offset,
                                                               LostClients::Found found) {
    const auto lost = weak.lock();
    if (!lost) return found(std::nullopt);
    lost->seek(shard, pid, offset, std::move(found));
  });
}

template <class What>
void ClusterAdapter::say(What what) {
  bus_->say(nsp_, NodeMessage{.from = bus_->id(), .request = {}, .what = std::move(what)});
}

template <class What>
void ClusterAdapter::answer(const std::string& to, const std::string& request, What what) const {
  bus_->answer(nsp_, to, NodeAnswer{.request = request, .what = std::move(what)});
}

template <class What, class Take, class End>
void ClusterAdapter::ask_others(What what, Duration patience, Take take, End end) {
  bus_->shard().dispatch([self = shared_from_this(), what = std::move(what), patience, take, end]() mutable {
    Bus& bus = *self->bus_;
    bus.count_others(
        self->nsp_, [self, what = std::move(what), patience, take, end](std::optional<std::size_t> others) mutable {
          if (!others || *others == 0) return end(others);
          NodeMessage message{.from = self->bus_->id(), .request = self->bus_->new_request(), .what = std::move(what)};
          const auto one = [take, nodes = *others](NodeAnswer& answer) mutable { return take(answer, nodes); };
          self->pending_.open(message.request, patience, one, [end, others]() mutable { end(others); });
          self->bus_->say(self->nsp_, message);
        });
  });
}

net::Shard& ClusterAdapter::asker() const {
  net::Shard* const current = net::Shard::current();
  return current ? *current : bus_->shard();
}

void ClusterAdapter::broadcast(const Audience& audience, socketio::Broadcast broadcast) {
  const auto content = broadcast.content;
  const bool may_drop = broadcast.may_drop;
  const bool compress = broadcast.message->compress() == engineio::Compress::yes;
  const auto place = lost_ ? broadcast.offset : std::nullopt;
  local_->broadcast(audience, std::move(broadcast));
  if (audience.local || !content) return;
  say(say::Event{.audience = audience, .event = content, .may_drop = may_drop, .compress = compress, .place = place});
}

void ClusterAdapter::ask(const Audience& audience, socketio::Broadcast broadcast, std::uint64_t ack_id, Duration timeout,
                         Callback<AckAnswers> done) {
  if (audience.local || !broadcast.content) {
    return local_->ask(audience, std::move(broadcast), ack_id, timeout, std::move(done));
  }
  const auto joined = std::make_shared<Joined<AckAnswers>>(asker(), std::move(done));
  say::Event question{.audience = audience,
                      .event = broadcast.content,
                      .may_drop = broadcast.may_drop,
                      .compress = broadcast.message->compress() == engineio::Compress::yes,
                      .timeout = timeout};
  local_->ask(audience, std::move(broadcast), ack_id, timeout, [joined](AckAnswers ours) {
    joined->all.asked += ours.asked;
    append(joined->all.answers, std::move(ours.answers));
    joined->half();
  });
  struct Theirs {
    AckAnswers answers;
    std::size_t heard = 0;
  };
  const auto theirs = std::make_shared<Theirs>();
  const auto take = [theirs](NodeAnswer& answer, std::size_t nodes) {
    if (const auto* asked = std::get_if<answer::Asked>(&answer.what)) {
      ++theirs->heard;
      theirs->answers.asked += asked->clients;
    } else if (auto* given = std::get_if<answer::Acknowledgement>(&answer.what)) {
      AckAnswer one;
      one.args.push_back(std::move(given->argument));
      one.attachments = std::move(given->attachments);
      theirs->answers.answers.push_back(std::move(one));
    }
    return theirs->heard >= nodes && theirs->answers.answers.size() >= theirs->answers.asked;
  };
  ask_others(std::move(question), timeout, take, [joined, theirs](std::optional<std::size_t> nodes) {
    joined->asker.dispatch([joined, theirs, nodes] {
      joined->all.asked += theirs->answers.asked;
      joined->all.silent_nodes = nodes ? *nodes - std::min(*nodes, theirs->heard) : 1;
      append(joined->all.answers, std::move(theirs->answers.answers));
      joined->half();
    });
  });
}

void ClusterAdapter::sockets_join(const Audience& audience, std::vector<std::string> rooms) {
  if (!audience.local) say(say::JoinRooms{audience, rooms});
  local_->sockets_join(audience, std::move(rooms));
}

void ClusterAdapter::sockets_leave(const Audience& audience, std::vector<std::string> rooms) {
  if (!audience.local) say(say::LeaveRooms{audience, rooms});
  local_->sockets_leave(audience, std::move(rooms));
}

void ClusterAdapter::disconnect_sockets(const Audience& audience, socketio::Close close) {
  if (!audience.local) say(say::Disconnect{audience, close == socketio::Close::connection});
  local_->disconnect_sockets(audience, close);
}

void ClusterAdapter::fetch_sockets(const Audience& audience, socketio::Detail detail, Callback<std::vector<SocketInfo>> done) {
  using Infos = std::vector<SocketInfo>;
  if (audience.local) return local_->fetch_sockets(audience, detail, std::move(done));
  const auto joined = std::make_shared<Joined<Infos>>(asker(), std::move(done));
  local_->fetch_sockets(audience, detail, [joined](Infos ours) {
    append(joined->all, std::move(ours));
    joined->half();
  });
  struct Theirs {
    Infos infos;
    std::size_t heard = 0;
  };
  const auto theirs = std::make_shared<Theirs>();
  const auto take = [theirs](NodeAnswer& answer, std::size_t nodes) {
    if (auto* sockets = std::get_if<answer::Sockets>(&answer.what)) {
      append(theirs->infos, std::move(sockets->sockets));
      ++theirs->heard;
    }
    return theirs->heard >= nodes;
  };
  ask_others(say::FetchSockets{audience, detail}, patience_, take, [joined, theirs, detail](std::optional<std::size_t>) {
    joined->asker.dispatch([joined, theirs, detail] {
      if (detail == socketio::Detail::without_handshake) {
        for (SocketInfo& info : theirs->infos) info.handshake.reset();
      }
      append(joined->all, std::move(theirs->infos));
      joined->half();
    });
  });
}

void ClusterAdapter::count_sockets(const Audience& audience, Callback<std::size_t> done) {
  if (audience.local) return local_->count_sockets(audience, std::move(done));
  const auto joined = std::make_shared<Joined<std::size_t>>(asker(), std::move(done));
  local_->count_sockets(audience, [joined](std::size_t ours) {
    joined->all += ours;
    joined->half();
  });
  struct Theirs {
    std::size_t sockets = 0;
    std::size_t heard = 0;
  };
  const auto theirs = std::make_shared<Theirs>();
  const auto take = [theirs](NodeAnswer& answer, std::size_t nodes) {
    const auto* count = std::get_if<answer::SocketCount>(&answer.what);
    const auto* sockets = std::get_if<answer::Sockets>(&answer.what);  // of an official node
    if (count) theirs->sockets += count->sockets;
    if (sockets) theirs->sockets += sockets->sockets.size();
    if (count || sockets) ++theirs->heard;
    return theirs->heard >= nodes;
  };
  ask_others(say::CountSockets{audience}, patience_, take, [joined, theirs](std::optional<std::size_t>) {
    joined->asker.dispatch([joined, theirs] {
      joined->all += theirs->sockets;
      joined->half();
    });
  });
}

void ClusterAdapter::server_side_emit(json::array event, Callback<std::vector<json::value>> done) {
  if (!done) return say(say::ServerEvent{std::move(event)});
  struct Theirs {
    Theirs(net::Shard& shard, Callback<std::vector<json::value>> on_done) : asker(shard), done(std::move(on_done)) {}
    net::Shard& asker;
    Callback<std::vector<json::value>> done;
    std::vector<json::value> answers;
  };
  const auto theirs = std::make_shared<Theirs>(asker(), std::move(done));
  const auto take = [theirs](NodeAnswer& answer, std::size_t nodes) {
    if (auto* given = std::get_if<answer::ServerAnswer>(&answer.what)) theirs->answers.push_back(std::move(given->argument));
    return theirs->answers.size() >= nodes;
  };
  ask_others(say::ServerEvent{std::move(event)}, patience_, take, [theirs](std::optional<std::size_t>) {
    theirs->asker.dispatch([theirs] { theirs->done(std::move(theirs->answers)); });
  });
}

void ClusterAdapter::on_message(NodeMessage message) {
  const Core core = core_.lock();
  if (!core) return;
  std::visit([&](auto& what) { obey(core, message, what); }, message.what);
}

void ClusterAdapter::obey(const Core& core, const NodeMessage& from, say::Event& said) {
  const socketio::EmitFlags flags{.may_drop = said.may_drop, .compress = said.compress};
  if (from.request.empty()) {
    const auto offset = lost_ ? std::optional(lost_->origins().heard(from.from, said.place)) : std::nullopt;
    local_->broadcast(said.audience, make_relayed(*core, flags, std::move(said.event), std::nullopt, offset));
  } else {
    const auto ack_id = core->next_ack_id.fetch_add(1, std::memory_order_relaxed);
    const Duration timeout = said.timeout > Duration::zero() ? said.timeout : socketio::kAckTimeout;
    ask_for(from, said.audience, make_relayed(*core, flags, std::move(said.event), ack_id), ack_id, timeout);
  }
}

void ClusterAdapter::ask_for(const NodeMessage& from, const Audience& audience, socketio::Broadcast broadcast,
                             std::uint64_t ack_id, Duration timeout) {
  const auto tell = [self = shared_from_this(), to = from.from, request = from.request](auto what) {
    self->answer(to, request, std::move(what));
  };
  local_->ask_each(
      audience, std::move(broadcast), ack_id, timeout, [tell](std::size_t asked) { tell(answer::Asked{asked}); },
      [tell](socketio::AckResult result) {
        if (!result) return;
        answer::Acknowledgement first{.argument = {}, .attachments = std::move(result->attachments)};
        if (!result->args.empty()) first.argument = std::move(result->args.front());
        tell(std::move(first));
      });
}

void ClusterAdapter::obey(const Core&, const NodeMessage&, say::JoinRooms& order) {
  local_->sockets_join(order.who, std::move(order.rooms));
}

void ClusterAdapter::obey(const Core&, const NodeMessage&, say::LeaveRooms& order) {
  local_->sockets_leave(order.who, std::move(order.rooms));
}

void ClusterAdapter::obey(const Core&, const NodeMessage&, say::Disconnect& order) {
  local_->disconnect_sockets(order.who, order.close ? socketio::Close::connection : socketio::Close::namespace_only);
}

void ClusterAdapter::obey(const Core&, const NodeMessage& from, say::FetchSockets& question) {
  local_->fetch_sockets(question.who, question.detail,
                        [self = shared_from_this(), to = from.from, request = from.request](std::vector<SocketInfo> ours) {
                          self->answer(to, request, answer::Sockets{std::move(ours)});
                        });
}

void ClusterAdapter::obey(const Core&, const NodeMessage& from, say::CountSockets& question) {
  local_->count_sockets(question.who, [self = shared_from_this(), to = from.from, request = from.request](std::size_t ours) {
    self->answer(to, request, answer::SocketCount{ours});
  });
}

void ClusterAdapter::obey(const Core&, const NodeMessage& from, say::ListRooms&) {
  const auto tell = [self = shared_from_this(), to = from.from, request = from.request](std::vector<SocketInfo> ours) {
    std::set<std::string> rooms;
    for (auto& info : ours) rooms.insert(info.rooms.begin(), info.rooms.end());
    self->answer(to, request, answer::Rooms{{rooms.begin(), rooms.end()}});
  };
  local_->fetch_sockets({}, socketio::Detail::without_handshake, tell);
}

void ClusterAdapter::obey(const Core&, const NodeMessage& from, say::ListSockets& question) {
  const Audience who{.rooms = std::move(question.rooms), .except = {}};
  const auto tell = [self = shared_from_this(), to = from.from, request = from.request](std::vector<SocketInfo> ours) {
    answer::SocketIds answer;
    for (auto& info : ours) answer.ids.push_back(std::move(info.id));
    self->answer(to, request, std::move(answer));
  };
  local_->fetch_sockets(who, socketio::Detail::without_handshake, tell);
}

void ClusterAdapter::obey(const Core& core, const NodeMessage& from, say::ServerEvent& said) {
  const json::string* name = said.event.front().if_string();
  if (!name) return;
  std::function<void(json::value)> answer;
  if (!from.request.empty()) {
    answer = [self = shared_from_this(), to = from.from, request = from.request,
              answered = std::make_shared<std::atomic<bool>>(false)](json::value argument) {
      if (!answered->exchange(true)) self->answer(to, request, answer::ServerAnswer{std::move(argument)});
    };
  }
  if (lost_ && answer && lost_->hear(said.event, answer)) return;
  const auto handlers = core->on_server_side.find(std::string(*name));
  if (handlers == core->on_server_side.end()) return;
  const json::array args(said.event.begin() + 1, said.event.end());
  for (const auto& handler : handlers->second) {
    socketio::call_guarded("a handler of server-side events", nsp_, [&] { handler(args, answer); });
  }
}

}  // namespace atrium::cluster
