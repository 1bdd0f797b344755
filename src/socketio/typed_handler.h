#pragma once

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/describe.h"
#include "base/signature.h"
#include "base/task.h"
#include "socketio/context.h"
#include "socketio/handlers.h"
#include "socketio/placeholder.h"

// Callables as event handlers. One may take, in any number and order:
//   Socket&, Context&, Event&   who said it, and the event as it came, which the handlers after this one get as it is left;
//   any other type              the next argument of the event, checked before the call: a described struct, a string, a
//                               number, a list, an std::optional of one (which may be missing), json::value for whatever it
//                               is, Bytes.
// What it returns is the acknowledgement: nothing for void; Refusal as the error of a Result refuses. It may be a coroutine
// (Task); then the later events of its sender wait for it, see Context.

namespace atrium::socketio {

/// What a handler needs of a socket, without knowing it: socket.h knows handlers.
namespace typed_handler_parts {

std::shared_ptr<Socket> shared(Socket& socket);
Hold hold(Socket& socket);

template <class F>
struct CallSignature : Signature<decltype(&F::operator())> {};
template <class R, class... A>
struct CallSignature<R (*)(A...)> : Signature<R (*)(A...)> {};
template <class R, class... A>
struct CallSignature<R (*)(A...) noexcept> : Signature<R (*)(A...)> {};

template <class T>
struct IsResult : std::false_type {};
template <class T>
struct IsResult<Result<T, Refusal>> : std::true_type {};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
inline constexpr bool kIsSurrounding =
    std::is_same_v<std::remove_cvref_t<T>, Socket> || std::is_same_v<std::remove_cvref_t<T>, Context> ||
    std::is_same_v<std::remove_cvref_t<T>, Event>;

inline const Bytes* attachment(const json::value& value, const Event& event) {
  const json::object* object = value.if_object();
  const auto index = object ? attachment_index(*object, event.attachments.size()) : std::nullopt;
  return index ? &event.attachments[*index] : nullptr;
}

/// Reads the argument at `index` into `place`; returns what is wrong with it.
template <class T>
std::optional<FieldError> read_argument(const Event& event, std::size_t index, T& place) {
  static const json::value kMissing;
  const json::value& value = index < event.args.size() ? event.args[index] : kMissing;
  if constexpr (IsOptional<T>::value) {
    if (value.is_null()) return std::nullopt;
    return read_argument(event, index, place.emplace());
  } else if constexpr (std::is_same_v<T, Bytes>) {
    const Bytes* octets = attachment(value, event);
    if (!octets) return FieldError{{}, "must be binary"};
    place = *octets;
    return std::nullopt;
  } else {
    return describe_parts::read(value, place);
  }
}

/// Where each parameter gets its value: the index of the event's argument, for those that are no surroundings.
template <class... P>
constexpr auto argument_indices(std::tuple<P...>*) {
  std::array<std::size_t, sizeof...(P)> indices{};
  std::size_t next = 0;
  std::size_t at = 0;
  ((indices[at++] = kIsSurrounding<P> ? 0 : next++), ...);
  return indices;
}

struct Nothing {};

/// The arguments of one call, read and checked.
template <class Parameters>
struct Arguments;
template <class... P>
struct Arguments<std::tuple<P...>> {
  template <class T>
  using Stored = std::conditional_t<kIsSurrounding<T>, Nothing, std::remove_cvref_t<T>>;
  std::tuple<Stored<P>...> values;

  std::optional<FieldError> read(const Event& event) { return read(event, std::index_sequence_for<P...>{}); }

  template <class F>
  decltype(auto) call(F& f, Context& context) {
    return call(f, context, std::index_sequence_for<P...>{});
  }

 private:
  template <std::size_t... I>
  std::optional<FieldError> read(const Event& event, std::index_sequence<I...>) {
    [[maybe_unused]] constexpr auto kIndices = argument_indices(static_cast<std::tuple<P...>*>(nullptr));
    std::optional<FieldError> error;
    ((error || (error = read_one<std::tuple_element_t<I, std::tuple<P...>>>(event, kIndices[I], std::get<I>(values)))), ...);
    return error;
  }
  template <class T, class Place>
  static std::optional<FieldError> read_one(const Event& event, std::size_t index, Place& place) {
    if constexpr (kIsSurrounding<T>) {
      return std::nullopt;
    } else {
      return read_argument(event, index, place);
    }
  }
  template <class F, std::size_t... I>
  decltype(auto) call(F& f, Context& context, std::index_sequence<I...>) {
    return f(pick<std::tuple_element_t<I, std::tuple<P...>>>(context, std::get<I>(values))...);
  }
  template <class T, class Place>
  static decltype(auto) pick(Context& context, Place& place) {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<Plain, Socket>) {
      return (context.socket());
    } else if constexpr (std::is_same_v<Plain, Context>) {
      return (context);
    } else if constexpr (std::is_same_v<Plain, Event>) {
      return (context.event());
    } else if constexpr (std::is_lvalue_reference_v<T>) {
      return (place);
    } else {
      return std::move(place);
    }
  }
};

template <class T>
void answer(const Context& context, const T& value) {
  context.ack()(value);
}

/// Gives what a handler returned as the acknowledgement.
template <class Host, class T>
void conclude(Context& context, Host& host, T&& returned) {
  if constexpr (IsResult<std::remove_cvref_t<T>>::value) {
    if (!returned) return host.refuse(context, returned.error());
    if constexpr (!std::is_void_v<typename std::remove_cvref_t<T>::value_type>) answer(context, *returned);
  } else {
    answer(context, returned);
  }
}

template <class F, class Host>
Task<void> run_coroutine(std::shared_ptr<const F> handler, Host& host, std::shared_ptr<Socket> socket, Event event) {
  using Parameters = typename CallSignature<F>::Arguments;
  using Value = Awaited<typename CallSignature<F>::Result>;
  // Locals, which go in the reverse order: what borrows from the context goes before it.
  Hold held = hold(*socket);
  Context context(std::move(socket), event, std::move(held));
  Arguments<Parameters> arguments;
  if (!host.admit(context)) co_return;
  if (const auto error = arguments.read(context.event())) {
    host.refuse(context, invalid_payload(context.event().name, *error));
    co_return;
  }
  try {
    if constexpr (std::is_void_v<Value>) {
      co_await arguments.call(*handler, context);
    } else {
      conclude(context, host, co_await arguments.call(*handler, context));
    }
  } catch (const std::exception& error) {
    host.fail(context, error);
  }
}

}  // namespace typed_handler_parts

/// Who answers for handlers: lets an event in, and tells its client what became of it when it is not what was hoped for.
struct HandlerHost {
  /// Asked first; whoever says no has told the client.
  bool admit(Context&) const { return true; }
  void refuse(Context& context, const Refusal& refusal) const;
  /// A handler threw: a Refusal, or what is a bug, which is logged and told as "INTERNAL_ERROR".
  void fail(Context& context, const std::exception& error) const;
};

/// The handler that `f` makes; `host`, which does what a HandlerHost does, outlives it.
template <class F, class Host>
EventHandler make_handler(F f, Host& host) {
  namespace parts = typed_handler_parts;
  using Return = typename parts::CallSignature<F>::Result;
  auto handler = std::make_shared<const F>(std::move(f));
  if constexpr (is_task<Return>) {
    return [handler, &host](Socket& socket, Event& event) {
      spawn(parts::run_coroutine(handler, host, parts::shared(socket), event));
    };
  } else {
    return [handler, &host](Socket& socket, Event& event) {
      Context context(parts::shared(socket), event);
      if (!host.admit(context)) return;
      parts::Arguments<typename parts::CallSignature<F>::Arguments> arguments;
      if (const auto error = arguments.read(event)) return host.refuse(context, invalid_payload(event.name, *error));
      try {
        if constexpr (std::is_void_v<Return>) {
          arguments.call(*handler, context);
        } else {
          parts::conclude(context, host, arguments.call(*handler, context));
        }
      } catch (const std::exception& error) {
        host.fail(context, error);
      }
    };
  }
}

template <class F>
EventHandler make_handler(F handler) {
  static const HandlerHost host;
  if constexpr (std::is_same_v<F, EventHandler>) {
    return handler;
  } else {
    return make_handler(std::move(handler), host);
  }
}

}  // namespace atrium::socketio
