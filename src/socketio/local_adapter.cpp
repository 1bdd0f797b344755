#include "socketio/local_adapter.h"

#include <numeric>

namespace atrium::socketio {

namespace {

/// What the shards have told so far. Only the shard that asked touches it.
template <class T, class Done>
struct Gathering {
  Gathering(std::size_t shards, Done on_done) : left(shards), done(std::move(on_done)) {}
  std::size_t left;
  Done done;
  std::vector<T> told;
};

/// The answers of one shard's sockets.
struct Tally {
  AckAnswers answers;
  std::size_t open = 1;  ///< questions, and the asking itself
};

}  // namespace

LocalAdapter::LocalAdapter(net::ShardSet& shards, std::shared_ptr<Recovery> recovery)
    : shards_(shards), recovery_(std::move(recovery)) {
  for (std::size_t i = 0; i < shards_.size(); ++i) rooms_.push_back(std::make_unique<RoomIndex>());
}

template <class Action>
void LocalAdapter::on_every_shard(AudiencePtr audience, Action action) {
  for (auto& shard : shards_) {
    if (shard.get() == net::Shard::current()) {
      action(*shard, *rooms_[shard->index()], audience);
    } else {
      shard->post([self = shared_from_this(), &shard = *shard, audience, action]() mutable {
        action(shard, *self->rooms_[shard.index()], audience);
      });
    }
  }
}

template <class T, class Part, class Done>
void LocalAdapter::gather(const Audience& audience, Part part, Done done) {
  net::Shard& asker = net::Shard::current() ? *net::Shard::current() : shards_[0];
  const auto gathering = std::make_shared<Gathering<T, Done>>(shards_.size(), std::move(done));
  on_every_shard(std::make_shared<const Audience>(audience),
                 [part, gathering, &asker](net::Shard& shard, RoomIndex& rooms, const AudiencePtr& to) {
                   part(shard, rooms, *to, [gathering, &asker](T told) {
                     asker.dispatch([gathering, told = std::move(told)]() mutable {
                       gathering->told.push_back(std::move(told));
                       if (--gathering->left == 0) gathering->done(std::move(gathering->told));
                     });
                   });
                 });
}

void LocalAdapter::broadcast(const Audience& audience, Broadcast broadcast) {
  if (shards_.size() == 1 && !recovery_ && net::Shard::current()) {
    rooms_.front()->each(audience, [&](Receiver& receiver) { receiver.deliver(broadcast, 0); });
    return;
  }
  on_every_shard(std::make_shared<const Audience>(audience), [recovery = recovery_, broadcast = std::move(broadcast)](
                                                                 net::Shard& shard, RoomIndex& rooms, const AudiencePtr& to) {
    RecoveryLog::Position position = 0;
    if (recovery && broadcast.offset) {
      position = recovery->log(shard).append(*broadcast.offset, to, broadcast.kept(), shard.clock().now(), broadcast.episode);
    }
    rooms.each(*to, [&](Receiver& receiver) { receiver.deliver(broadcast, position); });
  });
}

void LocalAdapter::ask(const Audience& audience, Broadcast broadcast, std::uint64_t ack_id, Duration timeout,
                       Callback<AckAnswers> done) {
  const auto part = [broadcast = std::move(broadcast), ack_id, timeout](net::Shard&, RoomIndex& rooms, const Audience& to,
                                                                        auto tell) {
    const auto tally = std::make_shared<Tally>();
    const auto settle = [tally, tell] {
      if (--tally->open == 0) tell(std::move(tally->answers));
    };
    // Asking may end a socket that is too slow, though not before the turn is over; its answer comes later in any case.
    for (Receiver* receiver : rooms.collect(to)) {
      ++tally->answers.asked;
      ++tally->open;
      receiver->ask(broadcast, ack_id, timeout, [tally, settle](AckResult result) {
        if (result) tally->answers.answers.push_back(std::move(*result));
        settle();
      });
    }
    settle();
  };
  gather<AckAnswers>(audience, part, [done = std::move(done)](std::vector<AckAnswers> shards) mutable {
    AckAnswers all;
    for (AckAnswers& of_shard : shards) {
      all.asked += of_shard.asked;
      std::move(of_shard.answers.begin(), of_shard.answers.end(), std::back_inserter(all.answers));
    }
    done(std::move(all));
  });
}

void LocalAdapter::ask_each(const Audience& audience, Broadcast broadcast, std::uint64_t ack_id, Duration timeout,
                            Callback<std::size_t> asked, OnAnswer on_answer) {
  gather<std::size_t>(
      audience,
      [broadcast = std::move(broadcast), ack_id, timeout, on_answer = std::move(on_answer)](net::Shard&, RoomIndex& rooms,
                                                                                            const Audience& to, auto tell) {
        const auto receivers = rooms.collect(to);
        for (Receiver* receiver : receivers) receiver->ask(broadcast, ack_id, timeout, on_answer);
        tell(receivers.size());
      },
      [asked = std::move(asked)](std::vector<std::size_t> shards) mutable {
        asked(std::accumulate(shards.begin(), shards.end(), std::size_t{0}));
      });
}

void LocalAdapter::sockets_join(const Audience& audience, std::vector<std::string> rooms) {
  on_every_shard(std::make_shared<const Audience>(audience),
                 [rooms = std::move(rooms)](net::Shard&, RoomIndex& index, const AudiencePtr& who) {
                   for (Receiver* receiver : index.collect(*who)) {
                     for (const auto& room : rooms) receiver->join(room);
                   }
                 });
}

void LocalAdapter::sockets_leave(const Audience& audience, std::vector<std::string> rooms) {
  on_every_shard(std::make_shared<const Audience>(audience),
                 [rooms = std::move(rooms)](net::Shard&, RoomIndex& index, const AudiencePtr& who) {
                   for (Receiver* receiver : index.collect(*who)) {
                     for (const auto& room : rooms) receiver->leave(room);
                   }
                 });
}

void LocalAdapter::disconnect_sockets(const Audience& audience, Close close) {
  on_every_shard(std::make_shared<const Audience>(audience), [close](net::Shard&, RoomIndex& rooms, const AudiencePtr& who) {
    // Ending one may end others of its connection: look each up again by its id.
    std::vector<std::string> ids;
    for (const Receiver* receiver : rooms.collect(*who)) ids.push_back(receiver->id());
    for (const auto& id : ids) {
      if (Receiver* receiver = rooms.find(id)) receiver->disconnect(close);
    }
  });
}

void LocalAdapter::fetch_sockets(const Audience& audience, Detail detail, Callback<std::vector<SocketInfo>> done) {
  using Infos = std::vector<SocketInfo>;
  gather<Infos>(
      audience,
      [detail](net::Shard&, RoomIndex& rooms, const Audience& who, auto tell) {
        Infos infos;
        rooms.each(who, [&](Receiver& receiver) { infos.push_back(receiver.describe(detail)); });
        tell(std::move(infos));
      },
      [done = std::move(done)](std::vector<Infos> shards) mutable {
        Infos all;
        for (Infos& of_shard : shards) std::move(of_shard.begin(), of_shard.end(), std::back_inserter(all));
        done(std::move(all));
      });
}

void LocalAdapter::count_sockets(const Audience& audience, Callback<std::size_t> done) {
  gather<std::size_t>(
      audience,
      [](net::Shard&, RoomIndex& rooms, const Audience& who, auto tell) {
        std::size_t count = 0;
        rooms.each(who, [&](Receiver&) { ++count; });
        tell(count);
      },
      [done = std::move(done)](std::vector<std::size_t> shards) mutable {
        done(std::accumulate(shards.begin(), shards.end(), std::size_t{0}));
      });
}

void LocalAdapter::server_side_emit(json::array, Callback<std::vector<json::value>> done) {
  if (done) done({});
}

}  // namespace atrium::socketio
