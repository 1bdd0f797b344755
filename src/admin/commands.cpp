#include "admin/commands.h"

#include "socketio/packet_rules.h"

namespace atrium::admin {

namespace {

using Filter = std::optional<std::string>;

/// Who is meant. Holds the namespace, which might go meanwhile.
class Target final {
 public:
  Target(const socketio::Server& server, const std::string& name, const Filter& filter)
      : nsp_(server.find(name.starts_with('/') ? name : "/" + name)), filter_(filter) {
    if (!nsp_) throw socketio::Refusal("NAMESPACE_NOT_FOUND", "There is no namespace '" + name + "'.");
  }

  socketio::Emitter sockets() const { return filter_ && !filter_->empty() ? nsp_->in(*filter_) : nsp_->everyone(); }

 private:
  const std::shared_ptr<socketio::Namespace> nsp_;
  const Filter& filter_;
};

}  // namespace

void add_commands(socketio::Server& server, socketio::Namespace& nsp) {
  nsp.on("emit", [&server](socketio::Event& asked, const std::string& name, const Filter& filter, const std::string& event) {
    if (socketio::is_reserved_event(event)) {
      throw socketio::Refusal("RESERVED_EVENT", "The event name '" + event + "' is reserved; choose another.");
    }
    const Target target(server, name, filter);
    json::array said(asked.args.begin() + 2, asked.args.end());
    target.sockets().send({.array = std::move(said), .attachments = asked.attachments});
  });
  nsp.on("join", [&server](const std::string& name, const std::string& room, const Filter& filter) {
    Target(server, name, filter).sockets().sockets_join(room);
  });
  nsp.on("leave", [&server](const std::string& name, const std::string& room, const Filter& filter) {
    Target(server, name, filter).sockets().sockets_leave(room);
  });
  nsp.on("_disconnect", [&server](const std::string& name, std::optional<bool> close, const Filter& filter) {
    Target(server, name, filter)
        .sockets()
        .disconnect_sockets(close.value_or(false) ? socketio::Close::connection : socketio::Close::namespace_only);
  });
}

}  // namespace atrium::admin
