#include "socketio/socket.h"

#include "base/log.h"
#include "socketio/messages.h"

namespace atrium::socketio {

Socket::Socket(std::string id, const std::string& nsp, Adapter& adapter, const Handlers& shared, engineio::Session& session,
               SocketOwner& owner, json::object auth)
    : id_(std::move(id)),
      nsp_(nsp),
      adapter_(adapter),
      shared_(shared),
      session_(&session),
      owner_(&owner),
      shard_(session.shard()),
      auth_(std::move(auth)),
      member_(*this) {}

Socket::~Socket() = default;

void Socket::open() {
  state_ = State::connected;
  adapter_.rooms(shard_).add(member_);
  session_->send(
      message_of({.type = PacketType::connect, .nsp = nsp_, .id = {}, .data = json::object{{"sid", id_}}, .attachments = {}}));
}

void Socket::send(const Outgoing& event) {
  if (connected()) session_->send(event_message(nsp_, std::nullopt, event));
}

void Socket::send_with_ack(const Outgoing& event, Duration timeout, AckCallback callback) {
  if (!connected()) return callback(AckError::disconnected);
  if (!acks_) acks_ = std::make_unique<AckTable>(shard_.deadlines());
  if (const auto id = acks_->add(std::move(callback), timeout)) session_->send(event_message(nsp_, id, event));
}

void Socket::answer(std::uint64_t ack_id, Outgoing arguments) {
  if (!connected()) return;
  session_->send(message_of({.type = PacketType::ack,
                             .nsp = nsp_,
                             .id = ack_id,
                             .data = std::move(arguments.array),
                             .attachments = std::move(arguments.attachments)}));
}

void Socket::deliver(const engineio::SharedMessagePtr& message, bool may_drop) {
  if (!may_drop || session_->writable()) session_->send(message);
}

void Socket::join(const std::string& room) {
  if (connected()) adapter_.rooms(shard_).join(member_, room);
}

void Socket::leave(const std::string& room) {
  if (connected()) adapter_.rooms(shard_).leave(member_, room);
}

std::vector<std::string> Socket::rooms() const {
  if (!connected() && state_ != State::disconnecting) return {};
  auto names = adapter_.rooms(shard_).rooms_of(member_);
  names.push_back(id_);
  return names;
}

void Socket::dispatch_event(Packet packet) {
  json::array args = std::move(packet.data->as_array());
  const json::value& head = args.front();
  Event event{.name = head.is_string() ? std::string(head.get_string()) : json::serialize(head),
              .args = {},
              .attachments = std::move(packet.attachments),
              .ack = packet.id ? Ack(shared_from_this(), *packet.id) : Ack()};
  args.erase(args.begin());
  event.args = std::move(args);
  const auto run = [&](const Handlers& handlers) {
    const auto found = handlers.events.find(event.name);
    if (found == handlers.events.end()) return;
    const auto several = found->second;  // a handler may add or remove handlers
    for (const auto& handler : several) handler(*this, event);
  };
  try {
    if (own_) run(*own_);
    run(shared_);
  } catch (const std::exception& error) {
    log::error("the handler of '{}' in {} failed: {}", event.name, nsp_, error.what());
  }
}

void Socket::dispatch_ack(Packet packet) {
  if (!acks_) return;
  acks_->answer(*packet.id, {.args = std::move(packet.data->as_array()), .attachments = std::move(packet.attachments)});
}

void Socket::disconnect(Close close_what) {
  if (!connected()) return;
  const auto alive = shared_from_this();
  if (close_what == Close::connection) {
    owner_->close_connection();
    return;
  }
  session_->send(message_of({.type = PacketType::disconnect, .nsp = nsp_, .id = {}, .data = {}, .attachments = {}}));
  SocketOwner& owner = *owner_;
  close(DisconnectReason::server_namespace_disconnect);
  owner.on_socket_gone(*this);
}

void Socket::drop_connection() {
  const auto alive = shared_from_this();
  if (connected()) session_->close();
}

void Socket::close(DisconnectReason reason) {
  if (state_ == State::disconnecting || state_ == State::closed) return;
  const auto alive = shared_from_this();
  const bool was_connected = connected();
  if (was_connected) {
    state_ = State::disconnecting;
    tell(&Handlers::disconnecting, reason);
    adapter_.rooms(shard_).remove(member_);
  }
  state_ = State::closed;
  session_ = nullptr;
  owner_ = nullptr;
  if (acks_) acks_->close();
  if (was_connected) tell(&Handlers::disconnect, reason);
}

void Socket::tell(std::vector<DisconnectHandler> Handlers::*which, DisconnectReason reason) {
  const auto call = [&](const DisconnectHandler& handler) {
    try {
      handler(*this, reason);
    } catch (const std::exception& error) {
      log::error("a disconnect handler of {} failed: {}", nsp_, error.what());
    }
  };
  if (own_) {
    for (const auto& handler : own_.get()->*which) call(handler);
  }
  for (const auto& handler : shared_.*which) call(handler);
}

Handlers& Socket::own_handlers() {
  if (!own_) own_ = std::make_unique<Handlers>();
  return *own_;
}

}  // namespace atrium::socketio
