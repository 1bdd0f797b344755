#include "admin/instrument.h"

#include <stdexcept>
#include <unordered_set>
#include <vector>

#include "admin/commands.h"
#include "admin/data_watch.h"
#include "admin/gate.h"
#include "admin/onlookers.h"
#include "admin/serialized_socket.h"
#include "admin/server_stats.h"
#include "admin/witness.h"
#include "base/log.h"

namespace atrium::admin {

using socketio::Socket;

namespace {

socketio::Namespace& namespace_for(socketio::Server& server, const Traffic& traffic, const std::string& name) {
  if (server.options().traffic != &traffic) {
    throw std::invalid_argument(
        "the server does not know this admin::Traffic, so nothing would be counted; give its address to "
        "ServerOptions::traffic");
  }
  return server.of(name);
}

json::object config(const Options& options) {
  json::array features;
  if (!options.readonly) features = {"EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"};
  features.emplace_back("AGGREGATED_EVENTS");
  if (options.mode == Mode::development) features.emplace_back("ALL_EVENTS");
  return {{"supportedFeatures", std::move(features)}};
}

/// The ids of sockets that `onlooker` hears to have gone, as long as this lives: their shards may have told of them already,
/// while others still have to.
class Departures final {
 public:
  explicit Departures(Socket& onlooker) : onlooker_(onlooker) {
    handler_ = onlooker.on_any_outgoing([this](Socket&, const socketio::Outgoing& event) {
      if (event.array.front().as_string() == "socket_disconnected") ids_.emplace(event.array.at(2).as_string());
    });
  }
  Departures(const Departures&) = delete;
  ~Departures() { onlooker_.off(handler_); }

  bool contains(const std::string& id) const { return ids_.contains(id); }

 private:
  Socket& onlooker_;
  socketio::HandlerId handler_;
  std::unordered_set<std::string> ids_;
};

}  // namespace

struct Instrument::Parts {
  Parts(socketio::Server& server, Traffic& traffic, const Options& options)
      : nsp(namespace_for(server, traffic, options.namespace_name)),
        gate(server.shards(), options.auth),
        onlookers(nsp,
                  [this, mode = options.mode] {
                    if (mode == Mode::development) data.begin();
                  }),
        stats(server, traffic, onlookers, options.server_id),
        data(server, onlookers),
        witness(onlookers, data) {
    if (server.options().adapter) onlookers.suppose();
  }

  socketio::Namespace& nsp;
  Gate gate;
  Onlookers onlookers;
  ServerStats stats;
  DataWatch data;
  Witness witness;
};

Instrument::Instrument(socketio::Server& server, Traffic& traffic, Options options)
    : server_(server), options_(std::move(options)), parts_(std::make_unique<Parts>(server, traffic, options_)) {
  parts_->gate.guard(parts_->nsp);
  // Before it is in, so that it hears of itself as it does from the official server.
  parts_->nsp.use([this](Socket&, const socketio::Next& next) {
    parts_->onlookers.on_arrival();
    next(std::nullopt);
  });
  parts_->nsp.on_connection([this](Socket& socket) { welcome(socket); });
  if (!options_.readonly) add_commands(server, parts_->nsp);
  if (options_.mode == Mode::development) {
    for (const auto& nsp : server.namespaces()) parts_->witness.watch(*nsp);
    server.on_new_namespace([this](socketio::Namespace& nsp) { parts_->witness.watch(nsp); });
    parts_->data.start();
  }
  parts_->stats.start();
}

Instrument::~Instrument() = default;

void Instrument::welcome(Socket& socket) {
  // Again: a client that is recovered may have passed no middleware, and another node may have counted before it was in.
  parts_->onlookers.on_arrival();
  socket.emit("config", config(options_));
  if (options_.mode == Mode::production) return;
  spawn(tell_all_sockets(socket.shared_from_this()));
}

/// The list is cut where it would fill what may wait for one client: the page does without the rest, rather than be
/// disconnected over and over.
Task<void> Instrument::tell_all_sockets(std::shared_ptr<Socket> onlooker) {
  const Departures gone(*onlooker);
  std::vector<json::object> found;
  std::size_t octets = 0;
  for (const auto& nsp : server_.namespaces()) {
    const auto sockets = co_await nsp->fetch_sockets();
    for (const auto& socket : sockets) {
      json::object told = serialize(socket.info(), nsp->name());
      octets += json::serialize(told).size();
      if (octets > server_.options().max_buffered / 2) break;
      found.push_back(std::move(told));
    }
  }
  if (octets > server_.options().max_buffered / 2) log::warn("too many sockets to show all of them in the admin UI");
  json::array all;
  for (json::object& socket : found) {
    if (!gone.contains(std::string(socket.at("id").as_string()))) all.push_back(std::move(socket));
  }
  onlooker->emit("all_sockets", all);
}

}  // namespace atrium::admin
