#include "chat/operations/metrics.h"

#include "chat/operations/exposition.h"
#include "net/hop.h"

namespace atrium::chat {

Metrics::Metrics(socketio::Server& server, const Directory& directory, const Viewers& viewers, const Counters& counters,
                 const storage::Database& database, const cron::Scheduler& scheduler, net::Shard& cron_shard)
    : server_(server),
      directory_(directory),
      viewers_(viewers),
      counters_(counters),
      database_(database),
      scheduler_(scheduler),
      cron_shard_(cron_shard) {}

Task<std::string> Metrics::collect() const {
  net::Shard& origin = *net::Shard::current();
  std::vector<OfShard> shards;
  for (auto& shard : server_.shards()) {
    co_await net::hop_to(*shard);
    shards.push_back({.connections = server_.client_count(*shard),
                      .sockets = directory_.on(*shard).size(),
                      .stats_streams = viewers_.count(Feed::stats),
                      .activity_streams = viewers_.count(Feed::activity)});
  }
  co_await net::hop_to(cron_shard_);
  const auto jobs = scheduler_.status();
  co_await net::hop_to(origin);
  co_return write(shards, jobs);
}

Task<http::Response> Metrics::answer() const {
  http::Response response{.status = 200, .headers = {}, .body = {}};
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = co_await collect();
  co_return response;
}

std::string Metrics::write(const std::vector<OfShard>& shards, const std::vector<cron::JobStatus>& jobs) const {
  Exposition out;
  const auto by_shard = [&](std::string_view name, std::string_view help, std::size_t OfShard::*figure) {
    out.family(name, Exposition::Type::gauge, help);
    for (std::size_t i = 0; i < shards.size(); ++i) out.sample(shards[i].*figure, {{"shard", std::to_string(i)}});
  };
  by_shard("atrium_connections", "Clients that are connected.", &OfShard::connections);
  by_shard("atrium_sockets", "Sockets of the chat that have shown who they are.", &OfShard::sockets);
  by_shard("atrium_stats_streams", "Readers of live figures.", &OfShard::stats_streams);
  by_shard("atrium_activity_streams", "Readers of live activity.", &OfShard::activity_streams);
  out.counter("atrium_welcomes_total", "Sockets that were let in.", counters_.welcomes);
  out.counter("atrium_recoveries_total", "Sockets that came back to where they were.", counters_.recoveries);
  out.counter("atrium_events_total", "Events of clients.", counters_.events);
  out.counter("atrium_messages_total", "Messages that were said.", counters_.messages);
  out.counter("atrium_presence_repairs_total",
              "Entries that the presence audit mended; anything but 0 is a mistake of the program.",
              counters_.presence_repairs);
  out.gauge("atrium_seq_holes", "Places without a message, at the last look; anything but 0 is a mistake of the program.",
            counters_.seq_holes);
  out.gauge("atrium_database_waiting", "Changes that wait to be written.", database_.waiting());
  out.family("atrium_cron_runs_total", Exposition::Type::counter, "Runs of each job.");
  for (const auto& job : jobs) out.sample(job.runs, {{"job", job.name}});
  return out.text();
}

}  // namespace atrium::chat
