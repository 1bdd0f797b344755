#pragma once

#include <string_view>

#include "base/fixed_string.h"
#include "base/signature.h"

namespace atrium::web {

/// What a route does to its path. `stream` is a GET whose answer goes on.
enum class Verb { get, put, post, patch, delete_, stream };

constexpr std::string_view method_of(Verb verb) {
  switch (verb) {
    case Verb::get:
    case Verb::stream:
      return "GET";
    case Verb::put:
      return "PUT";
    case Verb::post:
      return "POST";
    case Verb::patch:
      return "PATCH";
    case Verb::delete_:
      return "DELETE";
  }
  return {};
}

/// What the signature of a handler does not tell.
struct RouteNotes {
  unsigned status = 0;            ///< of an answer that went well; 0: 200, or 204 of a handler that returns nothing
  std::string_view summary = {};  ///< one line, for documents
  std::string_view content = {};  ///< the media type of a handler that returns an http::Response: "text/html"
  bool open = false;              ///< for anybody: documents take a route without a guard only where it says so
};

/// One line of a controller's table. A constant: everything but the notes is in the type. `JsonType`: what the body is that a
/// handler returns as an http::Response; void: no JSON.
template <Verb V, FixedString Pattern, auto Handler, class JsonType = void>
struct Route final {
  static_assert(Pattern.view().starts_with('/'), "the pattern of a route begins with '/'");

  static constexpr Verb verb = V;
  static constexpr std::string_view method = method_of(V);
  static constexpr auto words = Pattern;
  static constexpr std::string_view pattern = Pattern.view();
  static constexpr auto handler = Handler;
  using Arguments = typename Signature<decltype(Handler)>::Arguments;
  using Answer = Awaited<typename Signature<decltype(Handler)>::Result>;

  using Json = JsonType;

  RouteNotes notes;

  /// For a handler that returns an http::Response: its body is JSON of T.
  template <class T>
  constexpr Route<V, Pattern, Handler, T> answers() const {
    return {notes};
  }
  constexpr Route with(RouteNotes more) const { return {more}; }
  constexpr unsigned status() const { return notes.status != 0 ? notes.status : std::is_void_v<Answer> ? 204 : 200; }
};

/// Whether "/channels/:channelId" has a segment ":channelId". The words come by value: GCC 12 with a sanitizer takes no
/// expression for constant that looks at the characters of a template argument in their place.
template <std::size_t PatternSize, std::size_t NameSize>
constexpr bool pattern_has(FixedString<PatternSize> whole, FixedString<NameSize> name) {
  std::string_view pattern = whole.view();
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const std::string_view segment = pattern.substr(0, pattern.find('/'));
    if (segment.starts_with(':') && segment.substr(1) == name.view()) return true;
    pattern.remove_prefix(segment.size());
  }
  return false;
}

}  // namespace atrium::web
