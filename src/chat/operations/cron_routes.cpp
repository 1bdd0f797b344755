#include "chat/operations/cron_routes.h"

#include "base/timestamp.h"
#include "net/hop.h"

namespace atrium::chat {

namespace {

shapes::JobOutcome outcome_of(const cron::JobStatus& status) {
  if (status.running) return shapes::JobOutcome::running;
  if (!status.took) return shapes::JobOutcome::never;
  return status.error.empty() ? shapes::JobOutcome::ok : shapes::JobOutcome::failed;
}

shapes::CronJob to_shape(const cron::JobStatus& status) {
  shapes::CronJob job{.name = status.name,
                      .schedule = status.schedule,
                      .description = status.description,
                      .runs = status.runs,
                      .skipped = status.skipped,
                      .outcome = outcome_of(status),
                      .error = {},
                      .lastRun = {},
                      .durationMs = {},
                      .nextRun = {}};
  if (!status.error.empty()) job.error = status.error;
  if (status.last) job.lastRun.emplace(to_iso8601(*status.last));
  if (status.took) job.durationMs.emplace(std::chrono::duration_cast<std::chrono::milliseconds>(*status.took).count());
  if (status.next) job.nextRun.emplace(to_iso8601(*status.next));
  return job;
}

}  // namespace

Task<web::Ok<std::vector<shapes::CronJob>>> CronRoutes::list(const Operator&) const {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(shard_);
  std::vector<shapes::CronJob> jobs;
  for (const auto& status : scheduler_.status()) jobs.push_back(to_shape(status));
  co_await net::hop_to(origin);
  co_return web::ok(std::move(jobs));
}

Task<Outcome<web::Ok<shapes::CronJob>>> CronRoutes::run(const Operator&, web::Path<"job"> name) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(shard_);
  const bool ran = co_await scheduler_.run_now(*name);
  std::optional<cron::JobStatus> found;
  for (auto& status : scheduler_.status()) {
    if (status.name == *name) found = std::move(status);
  }
  co_await net::hop_to(origin);
  if (!found) co_return Failure{404, "JOB_NOT_FOUND", "There is no such job."};
  if (!ran) co_return Failure{409, "JOB_RUNNING", "The job is running."};
  co_return web::ok(to_shape(*found));
}

}  // namespace atrium::chat
