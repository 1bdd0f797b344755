#pragma once

#include <string_view>

namespace atrium::chat {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace atrium::chat
