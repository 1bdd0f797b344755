#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atrium::web {

/// Whether a peer has the version of a thing that `tag` names, "..." in its quotes or W/"...", by the If-None-Match that it
/// sent (RFC 9110 13.1.2: a list of tags, compared weakly).
inline bool has_version(std::string_view known, std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return known == "*" || known.find(tag) != known.npos;
}

/// An answer with the name of its version. Without a value: 304, the peer has it.
template <class T>
struct Tagged {
  std::string tag;
  std::optional<T> value;
};

}  // namespace atrium::web
