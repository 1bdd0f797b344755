#include "process_meter.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

namespace atrium::bench {

namespace {

std::string read_proc(pid_t pid, const char* name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.empty()) throw std::runtime_error("the server has gone");
  return text;
}

std::int64_t cpu_us_of(pid_t pid) {
  const std::string stat = read_proc(pid, "stat");
  // The name, in brackets, may hold blanks; the fields after it are counted from 3 (proc(5)).
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  fields >> user >> system;
  return (user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK);
}

std::int64_t rss_bytes_of(pid_t pid) {
  std::istringstream fields(read_proc(pid, "statm"));
  std::int64_t total = 0;
  std::int64_t resident = 0;
  fields >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

std::int64_t ProcessMeter::cpu_us() const {
  std::int64_t sum = 0;
  for (const pid_t pid : pids_) sum += cpu_us_of(pid);
  return sum;
}

std::int64_t ProcessMeter::rss_bytes() const {
  std::int64_t sum = 0;
  for (const pid_t pid : pids_) sum += rss_bytes_of(pid);
  return sum;
}

}  // namespace atrium::bench
