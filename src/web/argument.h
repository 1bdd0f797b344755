#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/fixed_string.h"
#include "web/answer.h"
#include "web/context.h"
#include "web/query.h"
#include "web/sse_stream.h"

// What a parameter of a handler stands for. Its type says it all:
//
//   Context&                      the request itself
//   Path<"channelId", ChannelId>  a value of the path; a pattern without ":channelId" does not compile
//   Query<Page>                   the query as a described struct
//   Header<"Idempotency-Key">     a header, where the request has it
//   a described struct            the JSON body; json::value: the body unchecked
//   std::unique_ptr<SseStream>    the answer of a stream route, begun
//   const T&                      what the controller's provider makes (provider.h)

namespace atrium::web {

/// The value that the path has for ":Name", as a T made from it.
template <FixedString Name, class T = std::string>
struct Path final {
  static constexpr auto words = Name;
  static constexpr std::string_view name = Name.view();
  T value;
  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

template <FixedString Name>
struct Header final {
  static constexpr std::string_view name = Name.view();
  std::optional<std::string> value;
};

template <class T>
inline constexpr bool is_path = false;
template <FixedString Name, class T>
inline constexpr bool is_path<Path<Name, T>> = true;

template <class T>
inline constexpr bool is_header = false;
template <FixedString Name>
inline constexpr bool is_header<Header<Name>> = true;

template <class T>
inline constexpr bool is_query = false;
template <class T>
inline constexpr bool is_query<Query<T>> = true;

template <class T>
inline constexpr bool is_stream = std::is_same_v<T, std::unique_ptr<SseStream>>;

/// A parameter that is the body of the request, unless a provider makes it.
template <class T>
inline constexpr bool is_body = std::is_same_v<T, boost::json::value> || (Described<T> && !is_query<T>);

/// Makes what the request itself can give. Throws a Problem where the peer sent it wrong.
template <class T>
decltype(auto) take(Context& context) {
  if constexpr (std::is_same_v<T, Context>) {
    return (context);
  } else if constexpr (is_path<T>) {
    return T{.value = decltype(T::value)(context.param(T::name))};
  } else if constexpr (is_header<T>) {
    // Requests have the names of their headers in small letters.
    std::string name(T::name);
    for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return T{.value = std::optional<std::string>(context.request().header(name))};
  } else if constexpr (is_query<T>) {
    return value_or_problem(read_query<typename T::Struct>(context.request()));
  } else if constexpr (is_stream<T>) {
    return std::make_unique<SseStream>(context.exchange(), context.common_headers());
  } else {
    static_assert(is_body<T>,
                  "a parameter must be Context&, Path, Query, Header, a described struct, or what the provider makes");
    return read_json_body<T>(context.request());
  }
}

}  // namespace atrium::web
