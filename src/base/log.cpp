#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace atrium::log {

bool set_up(std::string_view level) {
  const auto parsed = spdlog::level::from_str(std::string(level));
  if (parsed == spdlog::level::off && level != "off") return false;
  if (!spdlog::get("atrium")) spdlog::set_default_logger(spdlog::stderr_color_mt("atrium"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%-5l%$ %v", spdlog::pattern_time_type::utc);
  spdlog::set_level(parsed);
  return true;
}

}  // namespace atrium::log
