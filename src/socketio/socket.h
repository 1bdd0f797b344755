#pragma once

#include <any>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/session.h"
#include "socketio/ack_table.h"
#include "socketio/direct_emitter.h"
#include "socketio/emitter.h"
#include "socketio/hold.h"
#include "socketio/inbox.h"
#include "socketio/namespace_core.h"
#include "socketio/recovery_card.h"
#include "socketio/typed_handler.h"

namespace atrium::socketio {

class Socket;

/// Whoever owns a socket and must know that it has gone: the connection that carries it.
class SocketOwner {
 public:
  virtual ~SocketOwner() = default;
  virtual void on_socket_gone(Socket& socket) = 0;
  /// Disconnects all sockets of the connection, then ends it.
  virtual void close_connection() = 0;
};

/// One client in one namespace. It lives on one shard, and all calls are made there, except for shard(), id() and what
/// Emitter and Ack allow. Shared, so that a coroutine may hold it across a wait; after it has disconnected every call is a
/// quiet no-op.
class Socket final : public std::enable_shared_from_this<Socket>, private Receiver, private Recoverable {
 public:
  Socket(std::string id, std::shared_ptr<NamespaceCore> core, engineio::Session& session, SocketOwner& owner,
         json::object auth);
  ~Socket() override;

  /// 20 characters, not those of the Engine.IO session. A room of that name has this socket as its member. Kept by a client
  /// that is recovered.
  const std::string& id() const override { return id_; }
  const std::string& nsp() const { return core_->name; }
  net::Shard& shard() const { return shard_; }
  bool connected() const { return state_ == State::connected; }
  /// A lost client that has come back: its id, its rooms, `data` and the events that it missed are those of before.
  bool recovered() const { return recovered_; }
  /// Not whole: should its connection be lost now, its client begins anew.
  void set_whole(bool whole) {
    if (card_) card_->forsaken = !whole;
  }
  /// The payload of the client's CONNECT packet; empty when it sent none.
  const json::object& auth() const { return auth_; }
  void forget_auth() { auth_ = {}; }
  /// The connection that carries it: transport, protocol, handshake. Only while connecting or connected.
  const engineio::Session& session() const { return *session_; }
  const engineio::Handshake& handshake() const { return session_->handshake(); }

  /// Whatever the application wants to say about this socket: other shards and nodes see it (fetch_sockets), and a recovered
  /// client finds it again.
  json::object data;
  /// Whatever the application wants to keep with this object, on this shard, for its lifetime.
  std::any local_data;

  // Handlers for this socket alone; those of a Namespace cost nothing per socket. Each returns what off() takes.
  /// See typed_handler.h for what a handler may take.
  template <class F>
  HandlerId on(const std::string& event, F handler) {
    return add_event(event, make_handler(std::move(handler)), false);
  }
  /// Only for the next event of that name.
  template <class F>
  HandlerId once(const std::string& event, F handler) {
    return add_event(event, make_handler(std::move(handler)), true);
  }
  /// Before the handlers of the event itself.
  HandlerId on_any(EventHandler handler);
  HandlerId prepend_any(EventHandler handler);
  /// Whatever is sent to this socket, by emit() or by a broadcast, but for acknowledgements.
  HandlerId on_any_outgoing(OutgoingHandler handler);
  HandlerId prepend_any_outgoing(OutgoingHandler handler);
  /// Judges every event before its handlers.
  HandlerId use(EventMiddleware middleware);
  /// A middleware has refused an event.
  HandlerId on_error(ErrorHandler handler);
  /// The client has taken all that waited for it after emit() had said that it was behind.
  HandlerId on_drain(DrainHandler handler);
  /// Called when the socket has left its rooms and nothing reaches it any more.
  HandlerId on_disconnect(DisconnectHandler handler);
  /// Called just before, with the rooms still in place.
  HandlerId on_disconnecting(DisconnectHandler handler);
  /// Takes one handler of any kind away; false when it is not there.
  bool off(HandlerId id);
  /// Takes away all handlers of an event that this socket has alone.
  void off(const std::string& event);
  void off_any();
  void off_any_outgoing();

  /// False when the client does not keep up (the kernel takes no more for it; see engineio::Session::keeps_up) or has gone.
  /// on_drain() tells when it has caught up. Throws std::logic_error for a reserved name.
  template <class... Args>
  bool emit(std::string_view event, const Args&... args) {
    return send(Outgoing::of(event, args...));
  }
  /// `event` is the whole array, its first element the name.
  bool send(const Outgoing& event, const EmitFlags& flags = {});
  /// `event` was prepared by this namespace.
  bool send(const Prepared& event);
  /// Waits until the client has answered or gone; see timeout().
  template <class... Args>
  net::Pending<AckResult> emit_with_ack(std::string_view event, const Args&... args) {
    return ask(Outgoing::of(event, args...));
  }
  net::Pending<AckResult> ask(Outgoing event, const EmitFlags& flags = {});

  DirectEmitter volatile_() { return DirectEmitter(*this, {}).volatile_(); }
  DirectEmitter fleeting() { return DirectEmitter(*this, {}).fleeting(); }
  DirectEmitter in_episode(const Episode& episode) { return DirectEmitter(*this, {}).in_episode(episode); }
  DirectEmitter compress(bool worth_it) { return DirectEmitter(*this, {}).compress(worth_it); }
  DirectEmitter timeout(Duration duration) { return DirectEmitter(*this, {}).timeout(duration); }

  /// To everyone else in `room`.
  Emitter to(std::string room) const { return broadcast().to(std::move(room)); }
  Emitter in(std::string room) const { return to(std::move(room)); }
  Emitter except(std::string room) const { return broadcast().except(std::move(room)); }
  Emitter local() const { return broadcast().local(); }
  /// To everyone else in the namespace.
  Emitter broadcast(const EmitFlags& flags = {}) const { return Emitter(*core_, {.rooms = {}, .except = {id_}}, flags); }

  void join(const std::string& room) override;
  /// Of a recovered client that middleware judges: it is not told either what was said there.
  void leave(const std::string& room) override;
  /// The rooms that were joined, and the id.
  std::vector<std::string> rooms() const;

  /// Events that come from now on wait, in order, until the hold is released: for whoever is not ready for them yet.
  Hold hold() { return Hold(shared_from_this()); }

  /// Ends this socket, or the whole connection with all its sockets.
  void disconnect(Close close = Close::namespace_only) override;
  /// Ends the connection without a word to its sockets, so that a client takes it for a lost one and comes back.
  void drop_connection();

  // For the connection that owns it.
  bool connecting() const { return state_ == State::connecting; }
  /// The client is one that was lost. While connecting.
  void recover(Restored restored);
  /// Joins the namespace and tells the client. False when too much was said meanwhile to tell a recovered client everything.
  bool open();
  void dispatch_event(Packet packet, std::size_t octets);
  void dispatch_ack(Packet packet);
  void drained();
  void upgraded();
  /// The end of the socket, whoever wanted it. The owner knows.
  void close(DisconnectReason reason);
  /// For Ack.
  void answer(std::uint64_t ack_id, Outgoing arguments);

 private:
  friend class Hold;
  enum class State { connecting, connected, disconnecting, closed };
  struct Passage;

  void deliver(const Broadcast& broadcast, std::uint64_t position) override;
  void ask(const Broadcast& broadcast, std::uint64_t ack_id, Duration timeout, AckCallback callback) override;
  SocketInfo describe(Detail detail) const override;
  void give_up() override;

  Handlers& own_handlers();
  HandlerId add_event(const std::string& event, EventHandler handler, bool once);
  enum class At { begin, end };
  template <class Handler>
  HandlerId add(HandlerList<Handler> Handlers::*list, Handler handler, At at = At::end);
  /// Before a first handler for outgoing events.
  void watch_outgoing();
  void tell(HandlerList<DisconnectHandler> Handlers::*which, DisconnectReason reason);
  void tell_outgoing(const Outgoing& event);
  /// Whether the client, which is behind or was when it began, goes without this part of an episode.
  bool misses(const Episode& episode);
  void send_connect();
  /// Of a recovered client: what was said since it was lost is at hand, up to now.
  bool catch_up();
  /// What middleware says to a recovered client comes after what that has missed.
  bool send_when_open(const Outgoing& event, const EmitFlags& flags);
  void leave_before_open(DisconnectReason reason);
  void join_recovery();
  /// How far the client has been told. False: the shard that it came from had told it this already, or had put it into what it
  /// missed.
  bool note(const Broadcast& broadcast, std::uint64_t position);
  void leave_recovery(DisconnectReason reason);
  Recoverable::State take_state();
  std::vector<std::string> joined_rooms() const;
  bool keeps_up();

  void begin_hold() { ++holds_; }
  void end_hold();
  void refuse_waiting(Packet packet);
  Event to_event(Packet packet);
  void handle(Event event);
  void pass(const std::shared_ptr<Passage>& passage);
  void run_handlers(Event& event);

  std::string id_;
  const std::shared_ptr<NamespaceCore> core_;
  engineio::Session* session_;  ///< null once closed
  SocketOwner* owner_;          ///< null once closed
  net::Shard& shard_;
  json::object auth_;
  RoomIndex::Member member_;
  std::unique_ptr<Handlers> own_;
  std::unique_ptr<AckTable> acks_;
  std::unique_ptr<Inbox> inbox_;                     ///< only while events wait
  std::unique_ptr<RecoveryCard> card_;               ///< only with connection state recovery
  std::unique_ptr<std::set<std::uint64_t>> missed_;  ///< the episodes that last and whose beginning the client was not told
  std::uint32_t holds_ = 0;
  State state_ = State::connecting;
  bool recovered_ = false;
  bool behind_ = false;      ///< emit() has said so
  bool letting_in_ = false;  ///< waiting events are being handled
};

}  // namespace atrium::socketio
