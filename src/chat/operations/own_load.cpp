#include "chat/operations/own_load.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>

namespace atrium::chat {

namespace {

Duration to_duration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

Duration used_by_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return to_duration(usage.ru_utime) + to_duration(usage.ru_stime);
}

std::string name_of_us() {
  std::array<char, 256> host{};
  const bool known = ::gethostname(host.data(), host.size() - 1) == 0;
  return (known ? host.data() : "localhost") + std::string(":") + std::to_string(::getpid());
}

}  // namespace

OwnLoad::OwnLoad(const Presence& presence, const Clock& clock)
    : presence_(presence), clock_(clock), since_(clock.now()), looked_(since_), used_(used_by_us()) {}

facts::Load OwnLoad::look() {
  const TimePoint now = clock_.now();
  const Duration used = used_by_us();
  const std::chrono::duration<double> passed = now - std::exchange(looked_, now);
  const std::chrono::duration<double> worked = used - std::exchange(used_, used);
  const auto here = presence_.own_figures();
  return {.name = name_of_us(),
          .uptime = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now - since_).count()),
          .users = here.online,
          .sockets = here.connections,
          .cores = passed.count() > 0 ? worked / passed : 0};
}

}  // namespace atrium::chat
