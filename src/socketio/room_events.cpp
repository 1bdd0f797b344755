#include "socketio/room_events.h"

#include "socketio/guarded.h"

namespace atrium::socketio {

namespace {

template <class Handler, class... What>
void tell(const std::vector<Handler>& handlers, const std::string& room, const What&... what) {
  for (const auto& handler : handlers) {
    call_guarded("a handler for the events", "room " + room, [&] { handler(room, what...); });
  }
}

}  // namespace

class RoomEvents::Observer final : public RoomObserver {
 public:
  Observer(net::ShardSet& shards, std::shared_ptr<const Told> adapters, std::shared_ptr<const Told> told,
           std::shared_ptr<std::vector<Census>> censuses)
      : shards_(shards), adapters_(std::move(adapters)), told_(std::move(told)), censuses_(std::move(censuses)) {}

  void on_join(const std::string& room, const std::string& socket, Occupancy occupancy) override {
    if (occupancy == Occupancy::first) count(room, +1);
    tell(told_->join, room, socket);
  }
  void on_leave(const std::string& room, const std::string& socket, Occupancy occupancy) override {
    tell(told_->leave, room, socket);
    if (occupancy == Occupancy::last) count(room, -1);
  }

 private:
  void count(const std::string& room, int change) {
    if (told_->create.empty() && told_->destroy.empty() && adapters_->create.empty()) return;
    net::Shard& home = shards_.home_of(room);
    home.dispatch([room, change, &home, adapters = adapters_, told = told_, censuses = censuses_] {
      Census& census = (*censuses)[home.index()];
      std::size_t& shards = census[room];
      shards += static_cast<std::size_t>(change);
      if (shards == 0) {
        census.erase(room);
        tell(adapters->destroy, room);
        tell(told->destroy, room);
      } else if (change > 0 && shards == 1) {
        tell(adapters->create, room);
        tell(told->create, room);
      }
    });
  }

  net::ShardSet& shards_;
  const std::shared_ptr<const Told> adapters_;
  const std::shared_ptr<const Told> told_;
  const std::shared_ptr<std::vector<Census>> censuses_;  ///< one a shard
};

RoomEvents::RoomEvents(net::ShardSet& shards, Adapter& adapter) : shards_(shards), adapter_(adapter) {}

RoomEvents::~RoomEvents() {
  for (auto& shard : shards_) {
    if (!observers_.empty()) adapter_.rooms(*shard).observe(nullptr);
  }
}

void RoomEvents::observe() {
  if (!observers_.empty()) return;
  const auto censuses = std::make_shared<std::vector<Census>>(shards_.size());
  for (auto& shard : shards_) {
    observers_.push_back(std::make_unique<Observer>(shards_, adapters_, told_, censuses));
    adapter_.rooms(*shard).observe(observers_.back().get());
  }
}

void RoomEvents::on_create(OnRoom handler) {
  told_->create.push_back(std::move(handler));
  observe();
}

void RoomEvents::on_delete(OnRoom handler) {
  told_->destroy.push_back(std::move(handler));
  observe();
}

void RoomEvents::on_join(OnMember handler) {
  told_->join.push_back(std::move(handler));
  observe();
}

void RoomEvents::on_leave(OnMember handler) {
  told_->leave.push_back(std::move(handler));
  observe();
}

void RoomEvents::tell_adapter(OnRoom created, OnRoom deleted) {
  adapters_->create.push_back(std::move(created));
  adapters_->destroy.push_back(std::move(deleted));
  observe();
}

void RoomEvents::inherit(const RoomEvents& parent) {
  *told_ = *parent.told_;
  if (!parent.observers_.empty()) observe();
}

}  // namespace atrium::socketio
