#pragma once

#include <any>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/session.h"
#include "socketio/ack_table.h"
#include "socketio/disconnect_reason.h"
#include "socketio/emitter.h"
#include "socketio/handlers.h"
#include "socketio/receiver.h"
#include "socketio/room_index.h"
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
class Socket final : public std::enable_shared_from_this<Socket>, private Receiver {
 public:
  Socket(std::string id, const std::string& nsp, Adapter& adapter, const Handlers& shared, engineio::Session& session,
         SocketOwner& owner, json::object auth);
  ~Socket() override;

  /// 20 characters, not those of the Engine.IO session. A room of that name has this socket as its member.
  const std::string& id() const override { return id_; }
  const std::string& nsp() const { return nsp_; }
  net::Shard& shard() const { return shard_; }
  bool connected() const { return state_ == State::connected; }
  /// The payload of the client's CONNECT packet; empty when it sent none.
  const json::object& auth() const { return auth_; }
  void forget_auth() { auth_ = {}; }
  /// Only while connecting or connected.
  const engineio::Handshake& handshake() const { return session_->handshake(); }

  /// Whatever the application wants to keep with this socket.
  std::any data;

  /// Adds a handler for this socket alone; Namespace::on() costs nothing per socket. See typed_handler.h for what it may take.
  template <class F>
  void on(std::string event, F handler) {
    own_handlers().events[std::move(event)].push_back(make_handler(std::move(handler)));
  }
  /// Called when the socket has left its rooms and nothing reaches it any more.
  void on_disconnect(DisconnectHandler handler) { own_handlers().disconnect.push_back(std::move(handler)); }
  /// Called just before, with the rooms still in place.
  void on_disconnecting(DisconnectHandler handler) { own_handlers().disconnecting.push_back(std::move(handler)); }

  template <class... Args>
  void emit(std::string_view event, const Args&... args) {
    send(Outgoing::of(event, args...));
  }
  /// `event` is the whole array, its first element the name.
  void send(const Outgoing& event);
  /// Asks for an acknowledgement; `callback` is called once, with the answer or with what prevented it.
  void send_with_ack(const Outgoing& event, Duration timeout, AckCallback callback);

  /// To everyone else in `room`.
  Emitter to(std::string room) const { return broadcast().to(std::move(room)); }
  Emitter in(std::string room) const { return to(std::move(room)); }
  Emitter except(std::string room) const { return broadcast().except(std::move(room)); }
  /// To everyone else in the namespace.
  Emitter broadcast() const { return Emitter(adapter_, nsp_, {.rooms = {}, .except = {id_}}); }

  void join(const std::string& room) override;
  void leave(const std::string& room) override;
  /// The rooms that were joined, and the id.
  std::vector<std::string> rooms() const;

  /// Ends this socket, or the whole connection with all its sockets.
  void disconnect(Close close = Close::namespace_only) override;
  /// Ends the connection without a word to its sockets, so that a client takes it for a lost one and comes back.
  void drop_connection();

  // For the connection that owns it.
  bool connecting() const { return state_ == State::connecting; }
  /// Joins the namespace and tells the client.
  void open();
  void dispatch_event(Packet packet);
  void dispatch_ack(Packet packet);
  /// The end of the socket, whoever wanted it. The owner knows.
  void close(DisconnectReason reason);
  /// For Ack.
  void answer(std::uint64_t ack_id, Outgoing arguments);

 private:
  enum class State { connecting, connected, disconnecting, closed };

  void deliver(const engineio::SharedMessagePtr& message, bool may_drop) override;
  Handlers& own_handlers();
  void tell(std::vector<DisconnectHandler> Handlers::*which, DisconnectReason reason);

  const std::string id_;
  const std::string& nsp_;
  Adapter& adapter_;
  const Handlers& shared_;
  engineio::Session* session_;  ///< null once closed
  SocketOwner* owner_;          ///< null once closed
  net::Shard& shard_;
  json::object auth_;
  RoomIndex::Member member_;
  std::unique_ptr<Handlers> own_;
  std::unique_ptr<AckTable> acks_;
  State state_ = State::connecting;
};

}  // namespace atrium::socketio
