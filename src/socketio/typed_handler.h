#pragma once

#include <type_traits>
#include <utility>

#include "base/describe.h"
#include "socketio/handlers.h"

namespace atrium::socketio {

/// Tells the client that its payload was refused, and which field is to blame: in the acknowledgement when it asked for one,
/// else as an `error` event. The connection goes on.
void refuse_payload(Socket& socket, const Event& event, const FieldError& error);

namespace typed_handler_parts {

template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...) const> {
  using Payload = std::remove_cvref_t<std::tuple_element_t<sizeof...(Args) - 1, std::tuple<Args...>>>;
};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...)> : Signature<R (C::*)(Args...) const> {};

}  // namespace typed_handler_parts

/// Turns a callable into a handler. It may take
///   (Socket&, Event&)         everything, as it came;
///   (Socket&, const T&)       the first argument as a described struct T, checked before the call;
///   (const T&)                the same, for a handler that already knows its socket.
/// What it returns, unless void, is the acknowledgement.
template <class F>
EventHandler make_handler(F handler) {
  if constexpr (std::is_invocable_v<F&, Socket&, Event&>) {
    return EventHandler(std::move(handler));
  } else {
    using Payload = typename typed_handler_parts::Signature<F>::Payload;
    return [handler = std::move(handler)](Socket& socket, Event& event) mutable {
      const auto payload = from_json<Payload>(event.args.empty() ? json::value() : event.args.front());
      if (!payload) return refuse_payload(socket, event, payload.error());
      const auto call = [&]() -> decltype(auto) {
        if constexpr (std::is_invocable_v<F&, Socket&, const Payload&>) {
          return handler(socket, *payload);
        } else {
          return handler(*payload);
        }
      };
      if constexpr (std::is_void_v<decltype(call())>) {
        call();
      } else {
        event.ack(call());
      }
    };
  }
}

}  // namespace atrium::socketio
