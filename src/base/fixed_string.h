#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace atrium {

/// Words that stand between the angle brackets of a template: `on_message<"channel:join", &Channels::join>`.
template <std::size_t Size>
struct FixedString final {
  char characters[Size];  ///< with the zero at the end

  consteval FixedString(const char (&literal)[Size]) { std::copy_n(literal, Size, characters); }
  constexpr std::string_view view() const { return {characters, Size - 1}; }
};

}  // namespace atrium
