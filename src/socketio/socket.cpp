#include "socketio/socket.h"

#include <cassert>

#include "base/log.h"
#include "base/random_id.h"
#include "socketio/context.h"
#include "socketio/guarded.h"

namespace atrium::socketio {

Socket::Socket(std::string id, std::shared_ptr<NamespaceCore> core, engineio::Session& session, SocketOwner& owner,
               json::object auth)
    : id_(std::move(id)),
      core_(std::move(core)),
      session_(&session),
      owner_(&owner),
      shard_(session.shard()),
      auth_(std::move(auth)),
      member_(*this) {}

Socket::~Socket() {
  if (own_ && !own_->any_outgoing.empty()) off_any_outgoing();
}

bool Socket::open() {
  if (recovered_ && !catch_up()) return false;
  state_ = State::connected;
  core_->adapter->rooms(shard_).add(member_);
  if (core_->recovery) join_recovery();
  send_connect();
  return true;
}

// --- what goes out

bool Socket::send(const Outgoing& event, const EmitFlags& flags) {
  check_event_name(event);
  if (!connected() && !connecting()) return false;
  if (connecting() && recovered_) return send_when_open(event, flags);
  if (flags.may_drop && !session_->writable()) return keeps_up();
  const Broadcast said = make_whisper(*core_, flags, event);
  std::uint64_t position = 0;
  if (said.offset && !said.fleeting) {
    const auto audience = std::make_shared<const Audience>(Audience{.rooms = {id_}, .except = {}});
    position = core_->recovery->log(shard_).append(*said.offset, audience, said.kept(), shard_.clock().now(), said.episode);
  }
  deliver(said, position);
  return keeps_up();
}

bool Socket::misses(const Episode& episode) {
  using Part = Episode::Part;
  if (!episode.spares) return false;
  if (episode.part == Part::end) {
    const bool missed = missed_ && missed_->erase(episode.id) > 0;
    if (missed && missed_->empty()) missed_.reset();
    return missed;
  }
  if (!session_->keeps_up()) {
    if (!missed_ && episode.part == Part::begin) missed_ = std::make_unique<std::set<std::uint64_t>>();
    if (episode.part == Part::begin) missed_->insert(episode.id);
    return true;
  }
  if (missed_) missed_->erase(episode.id);
  return false;
}

bool Socket::send(const Prepared& event) {
  assert(event.nsp == core_.get());
  if (connecting() && recovered_) return send_when_open(*event.said.content, {});
  if (!connected() && !connecting()) return false;
  deliver(event.said, 0);
  return keeps_up();
}

bool Socket::keeps_up() {
  if (!session_) return false;
  if (session_->keeps_up()) return true;
  behind_ = true;
  return false;
}

void Socket::drained() {
  if (!std::exchange(behind_, false)) return;
  const auto call = [this](const DrainHandler& handler) {
    call_guarded("a drain handler", core_->name, [&] { handler(*this); });
  };
  if (own_) own_->drain.each(call);
  core_->handlers.drain.each(call);
}

void Socket::upgraded() {
  if (!connected()) return;
  core_->handlers.upgrade.each(
      [this](const UpgradeHandler& handler) { call_guarded("an upgrade handler", core_->name, [&] { handler(*this); }); });
}

net::Pending<AckResult> Socket::ask(Outgoing event, const EmitFlags& flags) {
  check_event_name(event);
  return net::Pending<AckResult>([self = shared_from_this(), event = std::move(event), flags](AckCallback callback) {
    if (!self->connected()) return callback(AckError::disconnected);
    const std::uint64_t id = self->core_->next_ack_id.fetch_add(1, std::memory_order_relaxed);
    self->ask(make_broadcast(*self->core_, flags, event, id), id, flags.timeout, std::move(callback));
  });
}

void Socket::ask(const Broadcast& broadcast, std::uint64_t ack_id, Duration timeout, AckCallback callback) {
  if (!acks_) acks_ = std::make_unique<AckTable>(shard_.deadlines());
  if (acks_->add(ack_id, callback, timeout)) {
    deliver(broadcast, 0);
  } else {
    callback(AckError::too_many_open);
  }
}

void Socket::answer(std::uint64_t ack_id, Outgoing arguments) {
  if (!connected()) return;
  session_->send(core_->writer.encode({.type = PacketType::ack,
                                       .nsp = core_->name,
                                       .id = ack_id,
                                       .data = std::move(arguments.array),
                                       .attachments = std::move(arguments.attachments)}));
}

void Socket::tell_outgoing(const Outgoing& event) {
  const auto call = [&](const OutgoingHandler& handler) {
    call_guarded("a handler for outgoing events", core_->name, [&] { handler(*this, event); });
  };
  if (own_) own_->any_outgoing.each(call);
  core_->handlers.any_outgoing.each(call);
}

// --- rooms

void Socket::join(const std::string& room) {
  if (connected() && room != id_) core_->adapter->rooms(shard_).join(member_, room);  // that one it is in from the first
}

void Socket::leave(const std::string& room) {
  if (connecting() && recovered_) card_->comeback->restored.leave(room);
  if (connected()) core_->adapter->rooms(shard_).leave(member_, room);
}

std::vector<std::string> Socket::joined_rooms() const { return core_->adapter->rooms(shard_).rooms_of(member_); }

std::vector<std::string> Socket::rooms() const {
  const bool returning = connecting() && recovered_;
  if (!connected() && !returning && state_ != State::disconnecting) return {};
  auto names = returning ? card_->comeback->restored.rooms : joined_rooms();
  if (returning) names.insert(names.end(), card_->comeback->restored.former.begin(), card_->comeback->restored.former.end());
  names.push_back(id_);
  return names;
}

SocketInfo Socket::describe(Detail detail) const {
  SocketInfo info{.id = id_,
                  .session = session_->id(),
                  .transport = std::string(session_->transport_name()),
                  .rooms = rooms(),
                  .data = data};
  if (detail == Detail::with_handshake) info.handshake = session_->handshake();
  return info;
}

// --- what comes in

void Socket::dispatch_event(Packet packet, std::size_t octets) {
  if (holds_ == 0 && !inbox_) return handle(to_event(std::move(packet)));
  if (!inbox_) inbox_ = std::make_unique<Inbox>();
  const Inbox::Limits limits{core_->limits.max_waiting_events, core_->limits.max_waiting_octets};
  if (inbox_->full(octets, limits)) {
    refuse_waiting(std::move(packet));
  } else {
    inbox_->push(std::move(packet), octets);
  }
}

void Socket::refuse_waiting(Packet packet) {
  Event event = to_event(std::move(packet));
  if (!core_->handlers.overflow.empty()) {
    core_->handlers.overflow.each(
        [&](const EventHandler& handler) { call_guarded("an overflow handler", core_->name, [&] { handler(*this, event); }); });
    return;
  }
  refuse(*this, event, Refusal("TOO_MANY_EVENTS", "Too many events of this connection wait to be handled; slow down."));
}

void Socket::end_hold() {
  if (--holds_ > 0 || letting_in_) return;
  letting_in_ = true;
  while (inbox_ && holds_ == 0 && connected()) {
    if (inbox_->empty()) {
      inbox_.reset();
    } else {
      handle(to_event(inbox_->pop()));
    }
  }
  letting_in_ = false;
}

Event Socket::to_event(Packet packet) {
  json::array args = std::move(packet.data->as_array());
  const json::value& head = args.front();
  Event event{.name = head.is_string() ? std::string(head.get_string()) : json::serialize(head),
              .args = {},
              .attachments = std::move(packet.attachments),
              .ack = packet.id ? Ack(shared_from_this(), *packet.id) : Ack()};
  args.erase(args.begin());
  event.args = std::move(args);
  return event;
}

/// An event on its way through the middleware.
struct Socket::Passage {
  Event event;
  std::vector<EventMiddleware> middleware;
  std::size_t next = 0;
  Hold hold;
};

void Socket::handle(Event event) {
  const bool judged = !core_->handlers.middleware.empty() || (own_ && !own_->middleware.empty());
  if (!judged) return run_handlers(event);
  const auto passage =
      std::make_shared<Passage>(Passage{.event = std::move(event), .middleware = {}, .next = 0, .hold = hold()});
  const auto add = [&](const EventMiddleware& middleware) { passage->middleware.push_back(middleware); };
  core_->handlers.middleware.each(add);
  if (own_) own_->middleware.each(add);
  pass(passage);
}

void Socket::pass(const std::shared_ptr<Passage>& passage) {
  if (!connected()) return;
  if (passage->next == passage->middleware.size()) {
    run_handlers(passage->event);
    passage->hold.release();
    return;
  }
  const auto& middleware = passage->middleware[passage->next++];
  const auto called = std::make_shared<bool>(false);
  const Next next = [self = shared_from_this(), passage, called](std::optional<ConnectError> error) {
    if (std::exchange(*called, true)) return;
    if (!error) return self->pass(passage);
    const auto tell = [&](const ErrorHandler& handler) {
      call_guarded("an error handler", self->nsp(), [&] { handler(*self, *error); });
    };
    if (self->own_) self->own_->error.each(tell);
    self->core_->handlers.error.each(tell);
    passage->hold.release();
  };
  const auto ask = [&] { middleware(*this, passage->event, next); };
  if (!call_guarded("a middleware for the events", core_->name, ask)) next(ConnectError{.message = "Internal server error"});
}

void Socket::run_handlers(Event& event) {
  const auto call = [&](const EventHandler& handler) { handler(*this, event); };
  try {
    if (own_) own_->any.each(call);
    core_->handlers.any.each(call);
    if (own_) {
      if (const auto found = own_->events.find(event.name); found != own_->events.end()) found->second.each_once(call);
    }
    const auto shared = core_->handlers.events.find(event.name);
    if (shared != core_->handlers.events.end()) shared->second.each(call);
  } catch (const std::exception& error) {
    log::error("the handler of '{}' in {} failed: {}", event.name, core_->name, error.what());
  }
}

void Socket::dispatch_ack(Packet packet) {
  if (!acks_) return;
  acks_->answer(*packet.id, {.args = std::move(packet.data->as_array()), .attachments = std::move(packet.attachments)});
}

// --- the end

void Socket::disconnect(Close close_what) {
  if (!connected()) return;
  const auto alive = shared_from_this();
  if (close_what == Close::connection) {
    owner_->close_connection();
    return;
  }
  session_->send(
      core_->writer.encode({.type = PacketType::disconnect, .nsp = core_->name, .id = {}, .data = {}, .attachments = {}}));
  SocketOwner& owner = *owner_;
  close(DisconnectReason::server_namespace_disconnect);
  owner.on_socket_gone(*this);
}

void Socket::drop_connection() {
  const auto alive = shared_from_this();
  if (connected() || connecting()) session_->close();
}

void Socket::close(DisconnectReason reason) {
  if (state_ == State::disconnecting || state_ == State::closed) return;
  const auto alive = shared_from_this();
  const bool was_connected = connected();
  if (was_connected) {
    state_ = State::disconnecting;
    tell(&Handlers::disconnecting, reason);
    if (card_) leave_recovery(reason);
    core_->adapter->rooms(shard_).remove(member_);
  } else if (recovered_) {
    leave_before_open(reason);
  }
  state_ = State::closed;
  session_ = nullptr;
  owner_ = nullptr;
  card_.reset();  // whoever holds the socket from now on may let it go on any thread
  if (acks_) acks_->close();
  if (was_connected) tell(&Handlers::disconnect, reason);
  inbox_.reset();
}

void Socket::tell(HandlerList<DisconnectHandler> Handlers::*which, DisconnectReason reason) {
  const auto call = [&](const DisconnectHandler& handler) {
    call_guarded("a disconnect handler", core_->name, [&] { handler(*this, reason); });
  };
  if (own_) (own_.get()->*which).each(call);
  (core_->handlers.*which).each(call);
}

}  // namespace atrium::socketio
