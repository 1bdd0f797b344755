// A node of tests/nodes, in C++: two shards over a Redis. tests/nodes/support/official_node.mjs is the same in JavaScript.
//
//    cluster_node REDIS_URL classic|sharded|streams [admin] [recover]
//
// Clients of any namespace of two, "/" and "/chat", have it do things, each acknowledged:
//
//    join ROOM                            leave ROOM                     note NAME VALUE      into the socket's data
//    emit {to, except, flags} ARGS...     to those sockets
//    ask {to, timeout} ARGS...            the same; answers what they answered: {answers, complete}
//    whisper {id} ARGS...                 to that one socket of this node, by the socket
//    fetch {to, less}                     [{id, rooms, data}], by id; less: the handshakes are not asked for
//    handshakes {to}                      {id: handshake}
//    count {to}                           how many there are
//    sockets:join {to} ROOM               sockets:leave {to} ROOM        sockets:end {to} CLOSE
//    servers VALUE                        every other server tells its own clients: "server" VALUE
//    servers:ask VALUE                    the same; answers what the servers answered: {heard: VALUE}
//
// `admin`: with the server's side of the Admin UI, which asks nobody for a password. `recover`: with connection state recovery.
//
// Says on which port it listens, and "up" or "down" whenever the cluster comes into reach or goes; serves until it is killed.
// At SIGTERM it ends in good order, with five seconds for the other nodes to recover its clients.
#include <csignal>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "admin/instrument.h"
#include "cluster/over_redis.h"
#include "socketio/handshake_json.h"
#include "socketio/server.h"

using namespace atrium;
using namespace atrium::socketio;

namespace {

std::vector<std::string> texts(const json::value& options, std::string_view name) {
  std::vector<std::string> found;
  if (const json::value* array = options.as_object().if_contains(name)) {
    for (const auto& text : array->as_array()) found.emplace_back(text.as_string());
  }
  return found;
}

Emitter audience(const Namespace& nsp, const json::value& options) {
  Emitter emitter = nsp.everyone().to(texts(options, "to")).except(texts(options, "except"));
  for (const auto& flag : texts(options, "flags")) {
    if (flag == "volatile") emitter = emitter.volatile_();
    if (flag == "local") emitter = emitter.local();
  }
  return emitter;
}

/// The arguments of an event from the given one on.
Outgoing rest_of(Context& context, std::size_t first) {
  const json::array& args = context.event().args;
  return {.array = json::array(args.begin() + static_cast<std::ptrdiff_t>(first), args.end()),
          .attachments = context.event().attachments};
}

json::array described(const std::vector<RemoteSocket>& sockets) {
  json::array all;
  for (const auto& socket : sockets) {
    auto rooms = socket.rooms();
    std::sort(rooms.begin(), rooms.end());
    all.push_back({{"id", socket.id()}, {"rooms", json::value_from(rooms)}, {"data", socket.data()}});
  }
  const auto id = [](const json::value& socket) { return std::string_view(socket.at("id").as_string()); };
  std::sort(all.begin(), all.end(), [&](const json::value& a, const json::value& b) { return id(a) < id(b); });
  return all;
}

/// Those of this node, by their ids.
class Sockets final {
 public:
  void add(Socket& socket) {
    const std::lock_guard lock(mutex_);
    sockets_[socket.id()] = socket.shared_from_this();
  }
  std::shared_ptr<Socket> find(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = sockets_.find(id);
    return found == sockets_.end() ? nullptr : found->second.lock();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Socket>> sockets_;
};

Sockets& sockets() {
  static Sockets all;
  return all;
}

void serve(Namespace& nsp) {
  nsp.on("join", [](Socket& socket, Context& context, const std::string& room) {
    socket.join(room);
    context.ack()();
  });
  nsp.on("leave", [](Socket& socket, Context& context, const std::string& room) {
    socket.leave(room);
    context.ack()();
  });
  nsp.on("note", [](Socket& socket, Context& context, const std::string& name, const json::value& value) {
    socket.data[name] = value;
    context.ack()();
  });
  nsp.on("emit", [&nsp](Context& context, const json::value& options) {
    audience(nsp, options).send(rest_of(context, 1));
    context.ack()();
  });
  nsp.on_connection([](Socket& socket) { sockets().add(socket); });
  nsp.on("whisper", [](Context& context, const json::value& options) {
    if (const auto socket = sockets().find(std::string(options.at("id").as_string()))) {
      socket->shard().dispatch([socket, said = rest_of(context, 1)] { socket->send(said); });
    }
    context.ack()();
  });
  nsp.on("ask", [&nsp](Context& context, const json::value& options) {
    const auto timeout = std::chrono::milliseconds(options.at("timeout").to_number<std::int64_t>());
    audience(nsp, options)
        .timeout(timeout)
        .ask(rest_of(context, 1))
        .then([ack = context.ack()](const AckAnswers& given) mutable {
          json::array answers;
          for (const auto& answer : given.answers) answers.push_back(answer.args.empty() ? json::value() : answer.args.front());
          ack(json::object{{"answers", std::move(answers)}, {"complete", given.complete()}});
        });
  });
  nsp.on("fetch", [&nsp](Context& context, const json::value& options) {
    const auto detail = options.as_object().contains("less") ? Detail::without_handshake : Detail::with_handshake;
    audience(nsp, options).fetch_sockets(detail).then([ack = context.ack()](const std::vector<RemoteSocket>& sockets) mutable {
      ack(described(sockets));
    });
  });
  nsp.on("handshakes", [&nsp](Context& context, const json::value& options) {
    audience(nsp, options).fetch_sockets().then([ack = context.ack()](const std::vector<RemoteSocket>& sockets) mutable {
      json::object all;
      for (const auto& socket : sockets) all[socket.id()] = to_json(socket.info().handshake.value());
      ack(all);
    });
  });
  nsp.on("count", [&nsp](Context& context, const json::value& options) {
    audience(nsp, options).count_sockets().then([ack = context.ack()](std::size_t count) mutable { ack(count); });
  });
  nsp.on("sockets:join", [&nsp](Context& context, const json::value& options, const std::string& room) {
    audience(nsp, options).sockets_join(room);
    context.ack()();
  });
  nsp.on("sockets:leave", [&nsp](Context& context, const json::value& options, const std::string& room) {
    audience(nsp, options).sockets_leave(room);
    context.ack()();
  });
  nsp.on("sockets:end", [&nsp](Context& context, const json::value& options, bool close) {
    context.ack()();
    audience(nsp, options).disconnect_sockets(close ? Close::connection : Close::namespace_only);
  });
  nsp.on("servers", [&nsp](Context& context, const json::value& argument) {
    nsp.server_side_emit("told", argument);
    context.ack()();
  });
  nsp.on("servers:ask", [&nsp](Context& context, const json::value& argument) {
    nsp.server_side_emit_with_ack("told", argument).then([ack = context.ack()](const std::vector<json::value>& answers) {
      ack(json::array(answers.begin(), answers.end()));
    });
  });
  nsp.on_server_side("told", [&nsp](const json::array& args, const std::function<void(json::value)>& answer) {
    nsp.local().send({.array = json::array{"server", args.front()}, .attachments = {}});
    if (answer) answer(json::object{{"heard", args.front()}});
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "give the address of a Redis, and a mode\n";
    return EXIT_FAILURE;
  }
  // Before anything that starts threads, which inherit it.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const std::string word = argv[2];
  const auto mode = word == "sharded"   ? cluster::RedisMode::sharded
                    : word == "streams" ? cluster::RedisMode::streams
                                        : cluster::RedisMode::classic;
  const auto say = [](bool up) { std::cout << (up ? "up" : "down") << std::endl; };
  const std::vector<std::string_view> more(argv + 3, argv + argc);
  const auto wanted = [&more](std::string_view what) { return std::find(more.begin(), more.end(), what) != more.end(); };
  admin::Traffic traffic;
  Server io({.shards = 2,
             .allowed_origins = std::vector<std::string>{"*"},
             .traffic = &traffic,
             .connection_state_recovery = wanted("recover") ? std::optional(RecoveryOptions{}) : std::nullopt,
             .adapter = cluster::over_redis(
                 {.url = argv[1], .mode = mode, .patience = std::chrono::milliseconds(1500), .on_change = say})});
  serve(io.sockets());
  serve(io.of("/chat"));
  std::optional<admin::Instrument> instrument;
  if (wanted("admin")) instrument.emplace(io, traffic, admin::Options{.auth = admin::NoAuth{}});
  const auto bound = io.listen({"127.0.0.1", 0});
  if (!bound) {
    std::cerr << bound.error() << '\n';
    return EXIT_FAILURE;
  }
  std::cout << "Listening on " << *bound << std::endl;
  std::thread([&io, signals] {
    int signal = 0;
    sigwait(&signals, &signal);
    io.stop(std::chrono::seconds(5));
  }).detach();
  io.run();
}
