#pragma once

#include <memory>
#include <string>
#include <tuple>

#include "base/fixed_string.h"
#include "base/log.h"
#include "base/task.h"
#include "socketio/namespace.h"
#include "socketio/socket.h"
#include "socketio/typed_handler.h"

// Controllers: classes that state at their top which events they handle.
//
//     class Channels final : public socketio::Controller<Channels> {
//      public:
//       static constexpr auto handlers() {
//         return std::tuple{on_connect<&Channels::connected>,                    // void or Task (Socket&)
//                           on_message<"channel:join", &Channels::join>,        // see typed_handler.h for the parameters
//                           on_disconnect<&Channels::disconnected>};            // void (Socket&, DisconnectReason)
//       }
//       Task<JoinReply> join(Context& context, JoinRequest request);
//
// (A function, because a static data member would need the complete class.)

namespace atrium::socketio {

/// What the signature of a handler does not tell.
struct MessageNotes {
  std::string_view summary = {};  ///< one line, for documents
};

/// `Acknowledgement`: what the handler answers with where it does not return it; void: nothing.
template <FixedString Event, auto Method, class Acknowledgement = void>
struct OnMessage {
  static constexpr std::string_view event = Event.view();
  static constexpr auto method = Method;
  using Answer = Acknowledgement;

  MessageNotes notes = {};

  template <class T>
  constexpr OnMessage<Event, Method, T> answers() const {
    return {notes};
  }
  constexpr OnMessage with(MessageNotes more) const { return {more}; }
};
template <auto Method>
struct OnConnect {};
template <auto Method>
struct OnDisconnect {};
template <auto Method>
struct OnDisconnecting {};

template <FixedString Event, auto Method>
inline constexpr OnMessage<Event, Method> on_message{};
/// While an asynchronous one is at work, what the client sends is kept, in order.
template <auto Method>
inline constexpr OnConnect<Method> on_connect{};
template <auto Method>
inline constexpr OnDisconnect<Method> on_disconnect{};
template <auto Method>
inline constexpr OnDisconnecting<Method> on_disconnecting{};

/// The base of controllers. One object serves all shards, so it keeps what belongs to a socket with the socket; it outlives the
/// server's run, and gets what it depends on by its constructor. Self may hide what HandlerHost does: admit(), refuse(),
/// fail().
template <class Self>
class Controller : public HandlerHost {
 public:
  /// Adds the handlers to `nsp`. Before the server starts.
  void attach(Namespace& nsp) {
    std::apply([&](auto... entries) { (add(nsp, entries), ...); }, Self::handlers());
  }

 protected:
  ~Controller() = default;

 private:
  Self& self() { return static_cast<Self&>(*this); }

  template <class M>
  struct Method;
  template <class R, class... A>
  struct Method<R (Self::*)(A...)> {
    template <auto Function>
    static auto bind(Self& self) {
      return [&self](A... arguments) -> R { return (self.*Function)(std::forward<A>(arguments)...); };
    }
  };
  template <class R, class... A>
  struct Method<R (Self::*)(A...) const> : Method<R (Self::*)(A...)> {};

  template <FixedString Event, auto Function, class Answer>
  void add(Namespace& nsp, OnMessage<Event, Function, Answer>) {
    nsp.add_event(std::string(Event.view()), make_handler(Method<decltype(Function)>::template bind<Function>(self()), self()));
  }
  template <auto Function>
  void add(Namespace& nsp, OnConnect<Function>) {
    nsp.on_connection([self = &self()](Socket& socket) {
      using Return = decltype((self->*Function)(socket));
      if constexpr (is_task<Return>) {
        spawn(connect<Function>(*self, socket.shared_from_this()));
      } else {
        (self->*Function)(socket);
      }
    });
  }
  template <auto Function>
  void add(Namespace& nsp, OnDisconnect<Function>) {
    nsp.on_disconnect([self = &self()](Socket& socket, DisconnectReason reason) { (self->*Function)(socket, reason); });
  }
  template <auto Function>
  void add(Namespace& nsp, OnDisconnecting<Function>) {
    nsp.on_disconnecting([self = &self()](Socket& socket, DisconnectReason reason) { (self->*Function)(socket, reason); });
  }

  template <auto Function>
  static Task<void> connect(Self& self, std::shared_ptr<Socket> given) {
    // A local, which goes before any parameter does.
    const auto socket = std::move(given);
    const Hold early_events = socket->hold();
    try {
      co_await (self.*Function)(*socket);
    } catch (const std::exception& error) {
      log::error("a connection handler of {} failed: {}", socket->nsp(), error.what());
    }
  }
};

}  // namespace atrium::socketio
