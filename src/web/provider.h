#pragma once

#include <boost/mp11.hpp>
#include <functional>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/signature.h"
#include "web/argument.h"
#include "web/route.h"

namespace atrium::web {

/// What a provision's function does not tell.
struct ProvisionNotes {
  std::string_view security = {};  ///< the scheme by which documents name what a request must show: "bearer"
};

/// One line of a provider's table: what `Function` returns (through a Task, a Result or both) is what a handler gets that has
/// a parameter `const Value&`.
template <auto Function>
struct Provision final {
  static constexpr auto function = Function;
  using Arguments = typename Signature<decltype(Function)>::Arguments;
  using Value = decltype(value_or_problem(std::declval<Awaited<typename Signature<decltype(Function)>::Result>>()));

  ProvisionNotes notes;

  constexpr Provision with(ProvisionNotes more) const { return {more}; }
};

template <auto Function>
inline constexpr Provision<Function> provide{};

/// A provider makes, before the call, what handlers ask for by their parameters: who asks (a guard, when it refuses those it
/// does not know) and what he asks about. It states its table as a controller does:
///
///   static constexpr auto provides() {
///     return std::tuple{provide<&Gate::user>.with({.security = "bearer"}), provide<&Gate::channel>};
///   }
///   Task<User> user(Context& context) const;                                       // throws Problem(401, ...)
///   Task<Outcome<Channel>> channel(Path<"channelId"> id, const User& user) const;  // or an error with a to_problem()
///
/// A function may ask for what stands above it in the table. Each value is made once a request, when it is first asked for.
struct NoProvider final {
  static constexpr std::tuple<> provides() { return {}; }
};

/// Calls a function or a member function of `object` with `arguments`, a std::tuple of references and values to move.
template <auto Function, class Object, class... Arguments>
decltype(auto) call_with(Object& object, std::tuple<Arguments...>& arguments) {
  return std::apply(
      [&](Arguments&... each) -> decltype(auto) {
        if constexpr (std::is_member_function_pointer_v<decltype(Function)>) {
          return std::invoke(Function, object, std::forward<Arguments>(each)...);
        } else {
          return std::invoke(Function, std::forward<Arguments>(each)...);
        }
      },
      arguments);
}

/// The values that one request has been provided with; in the frame of the coroutine that serves it.
template <class Provider>
class Provided final {
  using Table = decltype(Provider::provides());
  template <class Line>
  using ValueOf = typename Line::Value;
  using Values = boost::mp11::mp_transform<ValueOf, Table>;
  template <class T>
  static constexpr std::size_t index_of = boost::mp11::mp_find<Values, T>::value;

 public:
  Provided(const Provider& provider, Context& context) : provider_(provider), context_(context) {}

  /// `T` without const&.
  template <class T>
  static constexpr bool has = index_of<T> < std::tuple_size_v<Table>;

  /// Makes each of `Arguments` (a std::tuple) that is provided, from left to right, with what it rests on before it.
  template <class Arguments, std::size_t First = 0>
  Task<void> make() {
    if constexpr (First < std::tuple_size_v<Arguments>) {
      using T = std::remove_cvref_t<std::tuple_element_t<First, Arguments>>;
      if constexpr (has<T>) co_await make_one<index_of<T>>();
      co_await make<Arguments, First + 1>();
    }
    co_return;
  }

  /// Once they have been made: what to call with, from left to right.
  template <class... Parameters>
  auto arguments(std::type_identity<std::tuple<Parameters...>>) {
    return std::tuple<decltype(argument<Parameters>())...>{argument<Parameters>()...};
  }

  /// Whether `Pattern` has all that `Arguments` and what they rest on take from the path.
  template <FixedString Pattern, class... Parameters>
  static constexpr bool finds_paths(std::type_identity<std::tuple<Parameters...>>) {
    return (finds_path<Pattern, std::remove_cvref_t<Parameters>>() && ...);
  }

  /// Calls `visit` with the provision of each of `Arguments`, and with those they rest on; one may come twice.
  template <class... Parameters, class Visit>
  static constexpr void visit_provisions(std::type_identity<std::tuple<Parameters...>>, [[maybe_unused]] Visit visit) {
    (visit_provision<std::remove_cvref_t<Parameters>>(visit), ...);
  }

 private:
  template <class Parameter>
  decltype(auto) argument() {
    using T = std::remove_cvref_t<Parameter>;
    if constexpr (has<T>) {
      static_assert(std::is_same_v<Parameter, const T&>, "what a provider makes is lent: take it by const&");
      return static_cast<const T&>(*std::get<index_of<T>>(values_));
    } else {
      return take<T>(context_);
    }
  }

  template <std::size_t I>
  Task<void> make_one() {
    auto& place = std::get<I>(values_);
    if (place) co_return;
    using Line = std::tuple_element_t<I, Table>;
    using Arguments = std::type_identity<typename Line::Arguments>;
    static_assert(rests_above<I>(Arguments()), "a provision may ask for those that stand above it in the table");
    co_await make<typename Line::Arguments>();
    auto given = arguments(Arguments());
    if constexpr (is_task<decltype(call_with<Line::function>(provider_, given))>) {
      auto value = co_await call_with<Line::function>(provider_, given);
      place.emplace(value_or_problem(std::move(value)));
    } else {
      place.emplace(value_or_problem(call_with<Line::function>(provider_, given)));
    }
  }

  template <std::size_t I, class... Parameters>
  static constexpr bool rests_above(std::type_identity<std::tuple<Parameters...>>) {
    return ((!has<std::remove_cvref_t<Parameters>> || index_of<std::remove_cvref_t<Parameters>> < I) && ...);
  }

  template <FixedString Pattern, class T>
  static constexpr bool finds_path() {
    if constexpr (is_path<T>) {
      return pattern_has(Pattern, T::words);
    } else if constexpr (has<T>) {
      using Line = std::tuple_element_t<index_of<T>, Table>;
      return finds_paths<Pattern>(std::type_identity<typename Line::Arguments>());
    } else {
      return true;
    }
  }

  template <class T, class Visit>
  static constexpr void visit_provision([[maybe_unused]] Visit& visit) {
    if constexpr (has<T>) {
      constexpr auto line = std::get<index_of<T>>(Provider::provides());
      visit_provisions(std::type_identity<typename decltype(line)::Arguments>(), visit);
      visit(line);
    }
  }

  const Provider& provider_;
  Context& context_;
  boost::mp11::mp_transform<std::optional, Values> values_;
};

}  // namespace atrium::web
