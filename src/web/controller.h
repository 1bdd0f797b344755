#pragma once

#include <string>
#include <tuple>
#include <utility>

#include "web/provider.h"
#include "web/route_facts.h"
#include "web/router.h"

namespace atrium::web {

/// Routes that belong together: a class that states its table, and whose member functions (or static ones) are the handlers.
///
///   class Channels final : public web::Controller<Channels, Gate> {
///    public:
///     static constexpr auto routes() {
///       return std::tuple{get<"/channels/:channelId", &Channels::show>,
///                         post<"/channels", &Channels::create>.with({.status = 201, .summary = "A new channel"})};
///     }
///     Channels(const Gate& gate, Database& database);
///    private:
///     Ok<ChannelShape> show(const Channel& channel);
///     Task<Ok<ChannelShape>> create(const User& user, NewChannel wanted);
///
/// A handler's parameters say what it needs (argument.h) and are made before the call: first, from left to right, what
/// `Provider` makes, so that guards come before anything else of the request is looked at; then the rest from left to right.
/// The first that cannot be made is the answer, and the handler is not called. What it returns, directly or through a Task,
/// is the answer (answer.h); a Problem that it throws, too. Parameters by reference live until the handler has ended.
///
/// The table is a static function because a static member would need the complete class; it needs no instance, see
/// visit_routes(). Built before the server starts, then shared by all shards: handlers run on the shard of their connection.
/// Outlives the router.
template <class Derived, class Provider = NoProvider>
class Controller {
 public:
  using ProviderType = Provider;

  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;

  /// Enters the table. Before the server starts. Throws as Router::add does.
  void attach(Router& router) {
    std::apply([&](auto... routes) { (add(router, routes), ...); }, Derived::routes());
  }

 protected:
  Controller() requires std::is_same_v<Provider, NoProvider> : provider_(kNoProvider) {}
  /// `provider` outlives the controller.
  explicit Controller(const Provider& provider) : provider_(provider) {}
  ~Controller() = default;

  // The lines of the table.
  template <FixedString Pattern, auto Handler>
  static constexpr Route<Verb::get, Pattern, Handler> get{};
  template <FixedString Pattern, auto Handler>
  static constexpr Route<Verb::put, Pattern, Handler> put{};
  template <FixedString Pattern, auto Handler>
  static constexpr Route<Verb::post, Pattern, Handler> post{};
  template <FixedString Pattern, auto Handler>
  static constexpr Route<Verb::patch, Pattern, Handler> patch{};
  template <FixedString Pattern, auto Handler>
  static constexpr Route<Verb::delete_, Pattern, Handler> delete_{};
  /// The handler takes a std::unique_ptr<SseStream> or writes to context.exchange(), and returns nothing.
  template <FixedString Pattern, auto Handler>
  static constexpr Route<Verb::stream, Pattern, Handler> stream{};

 private:
  static constexpr NoProvider kNoProvider{};

  template <class R>
  void add(Router& router, R route) {
    RouteFacts<Derived, R>::check();
    if constexpr (R::verb == Verb::stream) {
      router.add_stream(std::string(R::pattern), [this](Context& context) { return call<R>(context); });
    } else {
      const unsigned status = route.status();
      router.add(std::string(R::method), std::string(R::pattern),
                 [this, status](Context& context) { return answer<R>(context, status); });
    }
  }

  template <class R>
  Task<http::Response> answer(Context& context, unsigned status) {
    if constexpr (std::is_void_v<typename R::Answer>) {
      co_await call<R>(context);
      co_return http::Response{.status = status, .headers = {}, .body = {}};
    } else {
      auto given = co_await call<R>(context);
      co_return to_answer(std::move(given), status);
    }
  }

  template <class R>
  Task<typename R::Answer> call(Context& context) {
    Provided<Provider> provided(provider_, context);
    co_await provided.template make<typename R::Arguments>();
    auto arguments = provided.arguments(std::type_identity<typename R::Arguments>());
    auto& self = static_cast<Derived&>(*this);
    if constexpr (is_task<decltype(call_with<R::handler>(self, arguments))>) {
      co_return co_await call_with<R::handler>(self, arguments);
    } else {
      co_return call_with<R::handler>(self, arguments);
    }
  }

  const Provider& provider_;
};

}  // namespace atrium::web
