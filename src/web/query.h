#pragma once

#include <charconv>

#include "base/describe.h"
#include "http/request.h"

namespace atrium::web {

/// A described struct that stands in the query: "?limit=10&before=..." (WHATWG URL, urlencoded parsing). Checked before the
/// call as a JSON body is: what is no std::optional must be there, and a wrong member is answered with 422 and its name. Of
/// a name that is given twice the first counts, unless the member is a std::vector, which takes all.
template <Described T>
struct Query final : T {
  using Struct = T;
};

namespace query_parts {

/// Text as the JSON value that a member of type T would be written as; text that is none stays text, which T then refuses.
template <class T>
struct Reader {
  static json::value read(std::string_view text) {
    if constexpr (std::is_same_v<T, bool>) {
      if (text == "true" || text == "false") return text == "true";
    } else if constexpr (std::is_arithmetic_v<T>) {
      T number{};
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc() && end == text.data() + text.size()) return number;
    }
    return json::value(json::string(text));
  }
};

template <std::int64_t Low, std::int64_t High>
struct Reader<WholeNumber<Low, High>> : Reader<std::int64_t> {};
template <class T>
struct Reader<std::optional<T>> : Reader<T> {};

template <class T>
struct Member {
  static std::optional<json::value> find(const http::Request& request, std::string_view name) {
    const auto text = request.query_value(name);
    if (!text) return std::nullopt;
    return Reader<T>::read(*text);
  }
};

template <class T>
struct Member<std::vector<T>> {
  static std::optional<json::value> find(const http::Request& request, std::string_view name) {
    json::array all;
    for (const auto& [key, text] : request.query) {
      if (key == name) all.push_back(Reader<T>::read(text));
    }
    return all;
  }
};

}  // namespace query_parts

/// The query of `request` as T, or the first thing that is wrong with it.
template <Described T>
Result<Query<T>, FieldError> read_query(const http::Request& request) {
  json::object object;
  boost::mp11::mp_for_each<describe_parts::MembersOf<T>>([&](auto member) {
    using Type = std::remove_reference_t<decltype(std::declval<T&>().*member.pointer)>;
    if (auto value = query_parts::Member<Type>::find(request, member.name)) object.emplace(member.name, std::move(*value));
  });
  auto read = from_json<T>(std::move(object));
  if (!read) return read.error();
  return Query<T>{std::move(*read)};
}

}  // namespace atrium::web
