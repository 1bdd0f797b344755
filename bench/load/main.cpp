// The load generator: plays the clients of one run against one server and prints what it cost the server, as one line of JSON.
//
// PORT and PID may be several, with commas between them: the nodes of a cluster.
//
//   load relay   PORT PID TOKENS typing|message ROOMS IN_FLIGHT MILLISECONDS
//   load enter   PORT PID TOKENS WINDOW
//   load connect PORT PID TOKENS MILLISECONDS
//   load idle    PORT PID TOKENS ROOMS collects|keeps REST_MILLISECONDS

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "crowd.h"
#include "process_meter.h"
#include "relay.h"

namespace atrium::bench {
namespace {

constexpr std::size_t kWindow = 32;   ///< connections that are made at the same time
constexpr std::size_t kWarmUp = 100;  ///< connections before memory is counted
constexpr auto kWarmUpTime = std::chrono::milliseconds(500);

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) throw std::runtime_error("no tokens in " + path);
  return lines;
}

/// "1,2,3"
template <class T>
std::vector<T> numbers(const std::string& list) {
  std::vector<T> found;
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) found.push_back(static_cast<T>(std::stoul(word)));
  return found;
}

std::uint32_t percentile(std::vector<std::uint32_t>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

struct Figure {
  template <class T>
  Figure(const char* its_name, T number) : name(its_name), value(static_cast<std::int64_t>(number)) {}
  const char* name;
  std::int64_t value;
};

void print(const std::vector<Figure>& figures) {
  const char* before = "{\"";
  for (const auto& [name, value] : figures) std::cout << std::exchange(before, ",\"") << name << "\":" << value;
  std::cout << "}\n";
}

/// All come, `window` at a time, and have settled.
std::vector<Figure> enter(Crowd& crowd, const ProcessMeter& server, std::size_t window) {
  const std::int64_t before = server.cpu_us();
  crowd.enter(0, crowd.size(), window);
  crowd.settle();
  return {{"users", crowd.size()},
          {"enterCpuUs", server.cpu_us() - before},
          {"enterFrames", crowd.frames()},
          {"welcomeP50Us", percentile(crowd.welcomes_us(), 0.5)},
          {"welcomeP99Us", percentile(crowd.welcomes_us(), 0.99)}};
}

void run_relay(Crowd& crowd, const ProcessMeter& server, Work work, std::size_t rooms, std::size_t in_flight,
               std::chrono::milliseconds duration) {
  std::vector<Figure> figures = enter(crowd, server, kWindow);
  crowd.join(0, crowd.size());
  crowd.settle();
  Relay relay(crowd, work, rooms, in_flight);
  relay.run(server, kWarmUpTime);
  RelayResult result = relay.run(server, duration);
  figures.insert(figures.end(), {{"events", result.events},
                                 {"deliveries", result.deliveries},
                                 {"cpuUs", result.cpu_us},
                                 {"wallUs", result.wall_us},
                                 {"p50Us", percentile(result.latencies_us, 0.5)},
                                 {"p99Us", percentile(result.latencies_us, 0.99)}});
  print(figures);
}

/// One user after the other comes, is welcomed and goes: nobody is there to be told, so presence costs nothing.
void run_connect(Crowd& crowd, const ProcessMeter& server, std::chrono::milliseconds duration) {
  std::size_t next = 0;
  const auto visit = [&] {
    const std::size_t client = next++ % crowd.size();
    crowd.enter(client, client + 1, 1);
    crowd.disconnect(client);
  };
  for (std::size_t i = 0; i < crowd.size(); ++i) visit();  // every user is known from here on
  const std::int64_t before = server.cpu_us();
  const auto end = Clock::now() + duration;
  std::size_t visits = 0;
  for (; Clock::now() < end; ++visits) visit();
  print({{"connections", visits}, {"cpuUs", server.cpu_us() - before}});
}

/// Asks a server that collects garbage to do it now; the others ignore the signal or are never sent it.
std::int64_t resting_rss(Crowd& crowd, const ProcessMeter& server, bool collects) {
  crowd.settle();
  if (collects) {
    for (const pid_t pid : server.pids()) ::kill(pid, SIGUSR2);
    crowd.settle();
  }
  return server.rss_bytes();
}

/// Everybody is in a channel. Then nothing happens for `rest` but heartbeats.
void run_idle(Crowd& crowd, const ProcessMeter& server, bool collects, std::chrono::milliseconds rest) {
  crowd.enter(0, kWarmUp, kWindow);
  crowd.join(0, kWarmUp);
  const std::int64_t before = resting_rss(crowd, server, collects);
  crowd.enter(kWarmUp, crowd.size(), kWindow);
  crowd.join(kWarmUp, crowd.size());
  const std::int64_t after = resting_rss(crowd, server, collects);
  const std::int64_t cpu = server.cpu_us();
  const auto begin = Clock::now();
  while (Clock::now() - begin < rest) crowd.turn(std::chrono::milliseconds(100));
  print({{"connections", crowd.size() - kWarmUp},
         {"rssBytes", after - before},
         {"restCpuUs", server.cpu_us() - cpu},
         {"restWallUs", std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count()}});
}

void run(const std::vector<std::string>& args) {
  const auto number = [&](std::size_t at) { return static_cast<std::size_t>(std::stoul(args.at(at))); };
  const ProcessMeter server(numbers<pid_t>(args.at(3)));
  const std::string& mode = args.at(1);
  const std::size_t rooms = mode == "relay" ? number(6) : mode == "idle" ? number(5) : 1;
  Crowd crowd(numbers<std::uint16_t>(args.at(2)), read_lines(args.at(4)), rooms);
  if (mode == "relay") {
    const Work work = args.at(5) == "typing" ? Work::typing : Work::message;
    run_relay(crowd, server, work, rooms, number(7), std::chrono::milliseconds(number(8)));
  } else if (mode == "enter") {
    print(enter(crowd, server, number(5)));
  } else if (mode == "connect") {
    run_connect(crowd, server, std::chrono::milliseconds(number(5)));
  } else {
    run_idle(crowd, server, args.at(6) == "collects", std::chrono::milliseconds(number(7)));
  }
}

}  // namespace
}  // namespace atrium::bench

int main(int argc, char** argv) {
  try {
    atrium::bench::run({argv, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "load: " << error.what() << "\n";
    return 1;
  }
}
