#include "chat/live/viewers.h"

#include <algorithm>

#include "net/hop.h"

namespace atrium::chat {

namespace {

/// Tells a reader why it is his last.
std::string last_frame(const Failure& why) {
  return web::SseStream::frame(
      "end", json::serialize(json::object{{"code", why.code}, {"message", why.message}, {"status", why.status}}));
}

}  // namespace

/// One shard's. A stream may end while it is written to, and takes its seat along, so whoever goes over the seats goes by keys.
struct Viewers::Table {
  explicit Table(net::Shard& of) : shard(of), keep_alive([this] { keep_all_alive(); }), retry([this] { send_latest(); }) {}

  std::vector<std::uint64_t> keys(const Wanted& wanted) const {
    std::vector<std::uint64_t> found;
    for (const auto& [key, seat] : seats) {
      if (wanted(seat.viewer)) found.push_back(key);
    }
    return found;
  }
  void leave(std::uint64_t key) {
    auto seat = seats.extract(key);
    if (!seat.empty()) seat.mapped().on_gone();
  }
  void end(std::uint64_t key, const std::string& last) {
    const auto found = seats.find(key);
    if (found != seats.end()) found->second.viewer.stream->send_frame(last);
    leave(key);
  }
  void send(std::uint64_t key, const FramePtr& frame) {
    Seat& seat = seats.at(key);
    if (seat.viewer.stream->send_frame(*frame)) {
      seat.latest.reset();
      return;
    }
    const auto left = seats.find(key);
    if (left == seats.end()) return;
    if (left->second.viewer.feed == Feed::activity) return leave(key);
    left->second.latest = frame;
    if (!retry.armed()) shard.deadlines().arm(retry, kRetry);
  }
  void send_latest() {
    for (const std::uint64_t key : keys([](const Viewer&) { return true; })) {
      const auto found = seats.find(key);
      if (found != seats.end() && found->second.latest) send(key, FramePtr(found->second.latest));
    }
  }
  void keep_all_alive() {
    for (const std::uint64_t key : keys([](const Viewer&) { return true; })) {
      if (const auto found = seats.find(key); found != seats.end()) found->second.viewer.stream->comment("keep-alive");
    }
    if (!seats.empty()) shard.deadlines().arm(keep_alive, kKeepAlive);
  }

  net::Shard& shard;
  std::unordered_map<std::uint64_t, Seat> seats;
  std::uint64_t next_key = 0;
  net::Deadline keep_alive;
  net::Deadline retry;
};

Viewers::Viewers(net::ShardSet& shards, std::size_t most) : shards_(shards), most_(most) {
  for (auto& shard : shards_) tables_.push_back(std::make_unique<Table>(*shard));
}

Viewers::~Viewers() = default;

Viewers::Table& Viewers::here() const { return *tables_[net::Shard::current()->index()]; }

void Viewers::add(Viewer viewer, UniqueFunction<void()> on_gone) {
  Table& table = here();
  if (!viewer.stream->open()) return on_gone();
  const auto his = table.keys([user = viewer.user](const Viewer& other) { return other.user == user; });
  if (most_ > 0 && his.size() >= most_) {
    table.end(*std::min_element(his.begin(), his.end()), last_frame(failures::too_many_connections()));
  }
  const std::uint64_t key = table.next_key++;
  viewer.stream->on_closed([&table, key] { table.leave(key); });
  table.seats.emplace(key, Seat{.viewer = std::move(viewer), .on_gone = std::move(on_gone), .latest = nullptr});
  if (!table.keep_alive.armed()) table.shard.deadlines().arm(table.keep_alive, kKeepAlive);
}

void Viewers::for_each_shard(std::function<void(Table&)> action) {
  for (const auto& table : tables_) {
    table->shard.dispatch([&table = *table, action] { action(table); });
  }
}

void Viewers::send(Feed feed, const storage::WorkspaceId& workspace, FramePtr frame, Wanted wanted) {
  for_each_shard([feed, workspace, frame = std::move(frame), wanted = std::move(wanted)](Table& table) {
    const auto meant = [&](const Viewer& viewer) {
      return viewer.feed == feed && viewer.workspace == workspace && (!wanted || wanted(viewer));
    };
    for (const std::uint64_t key : table.keys(meant)) {
      if (table.seats.contains(key)) table.send(key, frame);
    }
  });
}

void Viewers::end(Wanted which, const Failure& why) {
  for_each_shard([which = std::move(which), frame = last_frame(why)](Table& table) {
    for (const std::uint64_t key : table.keys(which)) table.end(key, frame);
  });
}

void Viewers::end_in(const storage::WorkspaceId& workspace, const storage::UserId& user, const Failure& why) {
  end([workspace, user](const Viewer& viewer) { return viewer.workspace == workspace && viewer.user == user; }, why);
}

void Viewers::end_of(const storage::UserId& user, const Failure& why) {
  end([user](const Viewer& viewer) { return viewer.user == user; }, why);
}

void Viewers::end_of(const storage::SessionId& session, const Failure& why) {
  end([session](const Viewer& viewer) { return viewer.session == session; }, why);
}

std::size_t Viewers::count(Feed feed) const {
  const auto& seats = here().seats;
  return static_cast<std::size_t>(
      std::count_if(seats.begin(), seats.end(), [feed](const auto& entry) { return entry.second.viewer.feed == feed; }));
}

Task<std::set<Viewers::Reader>> Viewers::readers() const {
  net::Shard& origin = *net::Shard::current();
  std::set<Reader> readers;
  for (const auto& shard : shards_) {
    co_await net::hop_to(*shard);
    for (const auto& [key, seat] : here().seats) {
      readers.insert({seat.viewer.user, seat.viewer.session, seat.viewer.workspace});
    }
  }
  co_await net::hop_to(origin);
  co_return readers;
}

}  // namespace atrium::chat
