#pragma once

#include <algorithm>
#include <string_view>
#include <tuple>
#include <vector>

#include "web/provider.h"
#include "web/route.h"

namespace atrium::web {

/// All that the tables say about one route, known without an instance: what checks and documents are made from.
template <class Controller, class RouteType>
class RouteFacts final {
  using Makes = Provided<typename Controller::ProviderType>;
  template <class Parameter>
  using Bare = std::remove_cvref_t<Parameter>;
  using Bares = boost::mp11::mp_transform<Bare, typename RouteType::Arguments>;
  template <class T>
  using IsBody = std::bool_constant<is_body<T> && !Makes::template has<T>>;
  template <class T>
  using IsQuery = std::bool_constant<is_query<T>>;
  template <class T>
  using IsHeader = std::bool_constant<is_header<T>>;
  template <class T>
  using IsStream = std::bool_constant<is_stream<T>>;
  template <template <class> class Is>
  using Found = boost::mp11::mp_copy_if<Bares, Is>;
  template <class Some>
  using First = boost::mp11::mp_front<boost::mp11::mp_push_back<Some, void>>;
  static constexpr std::type_identity<typename RouteType::Arguments> kArguments{};
  template <class T>
  struct JsonOf : std::conditional<std::is_same_v<T, http::Response>, void, T> {};
  template <class T, class E>
  struct JsonOf<Result<T, E>> : JsonOf<T> {};
  template <class T>
  struct JsonOf<Tagged<T>> : JsonOf<T> {};
  template <class T>
  struct HasTag : std::bool_constant<is_tagged<T>> {};
  template <class T, class E>
  struct HasTag<Result<T, E>> : HasTag<T> {};

 public:
  static constexpr Verb verb = RouteType::verb;
  static constexpr std::string_view method = RouteType::method;
  static constexpr std::string_view pattern = RouteType::pattern;
  /// What the handler takes and gives; void: nothing.
  using Body = First<Found<IsBody>>;
  using Query = First<Found<IsQuery>>;
  using Answer = typename RouteType::Answer;
  /// What stands in the body of an answer that went well; void: nothing, or no JSON.
  using Json =
      std::conditional_t<std::is_void_v<typename RouteType::Json>, typename JsonOf<Answer>::type, typename RouteType::Json>;

  /// The answer has an ETag, and is 304 to whoever has that version.
  static constexpr bool tagged = HasTag<Answer>::value;

  constexpr explicit RouteFacts(RouteType route) : route_(route) {}
  constexpr unsigned status() const { return route_.status(); }
  constexpr std::string_view summary() const { return route_.notes.summary; }
  constexpr std::string_view content() const { return route_.notes.content; }
  /// The schemes of all guards that stand before the handler, each once.
  static std::vector<std::string_view> security() {
    std::vector<std::string_view> schemes;
    Makes::visit_provisions(kArguments, [&](auto provision) {
      const std::string_view scheme = provision.notes.security;
      if (!scheme.empty() && std::find(schemes.begin(), schemes.end(), scheme) == schemes.end()) schemes.push_back(scheme);
    });
    return schemes;
  }

  /// The headers that the handler itself asks for.
  static std::vector<std::string_view> headers() {
    return []<class... Headers>(std::type_identity<std::tuple<Headers...>>) {
      return std::vector<std::string_view>{Headers::name...};
    }(std::type_identity<Found<IsHeader>>());
  }

  /// Whether a guard stands before the handler, or the table says that none is wanted.
  constexpr bool says_who_may_ask() const {
    bool guarded = false;
    Makes::visit_provisions(kArguments, [&guarded](auto provision) { guarded |= !provision.notes.security.empty(); });
    return guarded != route_.notes.open;
  }

  /// Does not compile when the route cannot be served.
  static constexpr void check() {
    constexpr bool reads = RouteType::method == "GET";
    constexpr std::size_t bodies = std::tuple_size_v<Found<IsBody>>;
    constexpr std::size_t streams = std::tuple_size_v<Found<IsStream>>;
    static_assert(bodies <= 1, "a request has one body");
    static_assert(!reads || bodies == 0, "a GET has no body; a struct that stands in the query is a Query<T>");
    static_assert(Makes::template finds_paths<RouteType::words>(kArguments),
                  "a Path names a value that the pattern of the route does not have");
    static_assert(verb != Verb::stream || std::is_void_v<Answer>, "the handler of a stream returns nothing");
    static_assert(streams == 0 || verb == Verb::stream, "only a stream route gives a stream");
    if constexpr (streams > 0) {
      static_assert(is_stream<boost::mp11::mp_back<Bares>>, "the stream comes last: nothing can be refused once it has begun");
    }
  }

 private:
  RouteType route_;
};

/// Calls `visit` with the RouteFacts of each route of `Controller`, in the order of its table.
template <class Controller, class Visit>
constexpr void visit_routes(Visit visit) {
  std::apply([&](auto... routes) { (visit(RouteFacts<Controller, decltype(routes)>(routes)), ...); }, Controller::routes());
}

/// Whether each route of `Controller` is either guarded or open to everybody by its own word.
template <class Controller>
constexpr bool every_route_says_who_may_ask() {
  bool all = true;
  visit_routes<Controller>([&all](auto facts) { all &= facts.says_who_may_ask(); });
  return all;
}

}  // namespace atrium::web
