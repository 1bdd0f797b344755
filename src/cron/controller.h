#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>

#include "base/fixed_string.h"
#include "base/signature.h"
#include "cron/cron_fields.h"
#include "cron/scheduler.h"

namespace atrium::cron {

/// What the signature of a job does not tell.
struct JobNotes {
  std::string_view description = {};  ///< for people
  std::string_view zone = "UTC";      ///< of the IANA database: "Europe/Berlin"; the expression is about its clocks
};

/// One line of a controller's table. A constant: everything but the notes is in the type.
template <FixedString Expression, FixedString Name, auto Handler>
struct Timed final {
  static constexpr std::string_view expression = Expression.view();
  static constexpr std::string_view name = Name.view();
  static constexpr auto handler = Handler;
  static_assert(std::tuple_size_v<typename Signature<decltype(Handler)>::Arguments> == 0, "a job takes no argument");
  static_assert(std::is_void_v<Awaited<typename Signature<decltype(Handler)>::Result>>, "a job returns nothing");

  JobNotes notes;

  constexpr Timed with(JobNotes more) const { return {more}; }
};

/// Jobs that belong together: a class that states its table, and whose member functions (or static ones), plain or
/// coroutines, are the jobs.
///
///   class Jobs final : public cron::Controller<Jobs> {
///    public:
///     static constexpr auto jobs() {
///       return std::tuple{every<"*/5 * * * *", "sweep", &Jobs::sweep>,
///                         every<"0 9 * * MON", "report", &Jobs::report>.with({.zone = "Europe/Berlin"})};
///     }
///
/// An expression that crontab(5) does not know does not compile. Jobs run on the shard of their scheduler, one run of a job
/// at a time. Outlives the scheduler, and every run that still waits.
template <class Derived>
class Controller {
 public:
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;

  /// Hands the jobs to `scheduler`. Throws std::invalid_argument for a time zone that this system does not know.
  void attach(Scheduler& scheduler) {
    std::apply([&](auto... jobs) { (add(scheduler, jobs), ...); }, Derived::jobs());
  }

 protected:
  Controller() = default;
  ~Controller() = default;

  /// A line of the table: `Expression` as CronExpression describes it, the job's `Name` in logs and status.
  template <FixedString Expression, FixedString Name, auto Handler>
  requires(is_cron_expression(Expression)) static constexpr Timed<Expression, Name, Handler> every{};

 private:
  template <class Line>
  void add(Scheduler& scheduler, Line line) {
    auto zone = TimeZone::load(std::string(line.notes.zone));
    if (!zone) {
      throw std::invalid_argument("the job " + std::string(Line::name) + " goes by the time zone '" +
                                  std::string(line.notes.zone) + "', which this system does not know: name one of the IANA " +
                                  "database, such as Europe/Berlin, or install the system's tzdata");
    }
    scheduler.add({.name = std::string(Line::name),
                   .description = std::string(line.notes.description),
                   .expression = *CronExpression::parse(Line::expression),
                   .zone = std::move(*zone),
                   .run = [this] { return run<Line>(); }});
  }

  template <class Line>
  Task<void> run() {
    const auto call = [&] {
      if constexpr (std::is_member_function_pointer_v<decltype(Line::handler)>) {
        return (static_cast<Derived&>(*this).*Line::handler)();
      } else {
        return Line::handler();
      }
    };
    if constexpr (is_task<decltype(call())>) {
      co_await call();
    } else {
      call();
    }
    co_return;
  }
};

}  // namespace atrium::cron
