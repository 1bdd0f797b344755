#include "chat/operations/drain.h"

#include <future>
#include <thread>
#include <vector>

#include "chat/visitor.h"

namespace atrium::chat {

namespace {

constexpr Duration kStep = std::chrono::milliseconds(20);

/// On the shard: sends `count` away. Who waits for a message to be stored stays until it is.
void drop_some(const Directory& directory, const net::Shard& shard, std::size_t count) {
  std::vector<std::shared_ptr<socketio::Socket>> leaving;
  for (const auto& [id, socket] : directory.on(shard)) {
    if (leaving.size() == count) break;
    if (visitor_of(*socket).storing == 0) leaving.push_back(socket->shared_from_this());
  }
  for (const auto& socket : leaving) socket->drop_connection();
}

/// How many clients there are, after `count` more on each shard were sent away. None: a shard does not answer, it has ended.
std::optional<std::size_t> clients_after(socketio::Server& server, Directory& directory, std::size_t count) {
  std::size_t clients = 0;
  for (auto& shard : server.shards()) {
    const auto answer = std::make_shared<std::promise<std::size_t>>();
    auto future = answer->get_future();
    shard->post([&server, &directory, &shard = *shard, count, answer] {
      drop_some(directory, shard, count);
      answer->set_value(server.client_count(shard));
    });
    if (future.wait_for(std::chrono::seconds(5)) != std::future_status::ready) return std::nullopt;
    clients += future.get();
  }
  return clients;
}

}  // namespace

void Drain::run(socketio::Server& server, Directory& directory, Duration limit) {
  under_way_ = true;
  server.turn_away();
  auto clients = clients_after(server, directory, 0);
  // In the first half they are sent away in equal parts; the second is for those who take their time.
  const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(1, limit / 2 / kStep));
  const std::size_t part = clients.value_or(0) / steps + 1;
  const auto begin = std::chrono::steady_clock::now();
  while (clients.value_or(0) > 0 && std::chrono::steady_clock::now() - begin < limit) {
    clients = clients_after(server, directory, part);
    if (clients.value_or(0) > 0) std::this_thread::sleep_for(kStep);
  }
}

void Drain::await_handover(const socketio::Recovery& recovery, Duration limit) {
  const auto begin = std::chrono::steady_clock::now();
  while (recovery.unfetched() > 0 && std::chrono::steady_clock::now() - begin < limit) std::this_thread::sleep_for(kStep);
}

}  // namespace atrium::chat
