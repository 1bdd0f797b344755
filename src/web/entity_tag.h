#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace atrium::web {

/// Whether the peer has the version of a thing that `tag` names: "..." in its quotes, or W/"..." (RFC 9110 13.1.2: a list of
/// tags, compared weakly).
inline bool has_version(const http::Request& request, std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  const std::string_view known = request.header("if-none-match").value_or("");
  return known == "*" || known.find(tag) != known.npos;
}

/// An answer with the name of its version. Without a value: 304, the peer has it.
template <class T>
struct Tagged {
  std::string tag;
  std::optional<T> value;
};

}  // namespace atrium::web
