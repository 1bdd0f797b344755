#pragma once

#include <optional>
#include <string>

#include "chat/config.h"

namespace atrium::chat {

/// What the program was called to do.
struct Command {
  enum class Kind { serve, token, routes };
  Kind kind = Kind::serve;
  Config config;

  // For `token`.
  std::string subject;
  std::string email;
  std::string name;
  std::int64_t expires_in = 86'400;  ///< seconds
};

/// Reads arguments, environment (ATRIUM_..., PORT, JWT_SECRET) and a configuration file, in this order of precedence. None
/// when the program is to end at once with `exit_code`, after a word on stdout or stderr: help was asked for (0), or
/// something is wrong and was told in one sentence (2).
std::optional<Command> parse_command_line(int argc, const char* const* argv, int& exit_code);

}  // namespace atrium::chat
