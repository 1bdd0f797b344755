#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace atrium {

/// A string that names one kind of thing, so that a user's id cannot be passed where a channel's is meant.
template <class Tag>
struct StringId {
  std::string value;

  StringId() = default;
  explicit StringId(std::string text) : value(std::move(text)) {}
  bool empty() const { return value.empty(); }
  friend auto operator<=>(const StringId&, const StringId&) = default;
};

}  // namespace atrium

template <class Tag>
struct std::hash<atrium::StringId<Tag>> {
  std::size_t operator()(const atrium::StringId<Tag>& id) const { return std::hash<std::string>{}(id.value); }
};
