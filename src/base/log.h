#pragma once

#include <spdlog/spdlog.h>

#include <string_view>

namespace atrium::log {

/// Lines go to stderr, so that stdout carries only what a program may want to read (the address, a token).
/// `level`: trace, debug, info, warn, error or off; false when it is none of them.
bool set_up(std::string_view level);

using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::trace;
using spdlog::warn;

}  // namespace atrium::log
