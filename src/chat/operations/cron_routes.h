#pragma once

#include "chat/failure.h"
#include "chat/http_problems.h"
#include "chat/operations/debug_gate.h"
#include "cron/scheduler.h"
#include "net/shard.h"
#include "web/controller.h"

namespace atrium::chat {

namespace shapes {

enum class JobOutcome : std::uint8_t { never, running, ok, failed };
BOOST_DESCRIBE_ENUM(JobOutcome, never, running, ok, failed)

struct CronJob {
  std::string name;
  std::string schedule;
  std::string description;
  std::uint64_t runs;
  std::uint64_t skipped;  ///< it was due while the run before had not ended
  JobOutcome outcome;     ///< of the last run
  std::optional<std::string> error;
  Nullable<std::string> lastRun;
  Nullable<std::int64_t> durationMs;
  Nullable<std::string> nextRun;
};
BOOST_DESCRIBE_STRUCT(CronJob, (), (name, schedule, description, runs, skipped, outcome, error, lastRun, durationMs, nextRun))

}  // namespace shapes

/// What the server does by the clock, and how that went; only with --debug-secret.
class CronRoutes final : public web::Controller<CronRoutes, DebugGate> {
 public:
  static constexpr auto routes() {
    return std::tuple{get<"/_debug/cron", &CronRoutes::list>.with({.summary = "The jobs and how they went"}),
                      post<"/_debug/cron/:job", &CronRoutes::run>.with({.summary = "Runs a job now, to its end"})};
  }

  /// `shard`: where the scheduler lives.
  CronRoutes(const DebugGate& gate, cron::Scheduler& scheduler, net::Shard& shard)
      : Controller(gate), scheduler_(scheduler), shard_(shard) {}

 private:
  Task<web::Ok<std::vector<shapes::CronJob>>> list(const Operator& who) const;
  Task<Outcome<web::Ok<shapes::CronJob>>> run(const Operator& who, web::Path<"job"> name);

  cron::Scheduler& scheduler_;
  net::Shard& shard_;
};

}  // namespace atrium::chat
