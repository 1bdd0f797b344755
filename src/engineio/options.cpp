#include "engineio/options.h"

#include <stdexcept>

#include "engineio/origin.h"

namespace atrium::engineio {

namespace {

void complain(const std::string& complaint) {
  if (!complaint.empty()) throw std::invalid_argument(complaint);
}

}  // namespace

std::string served_path(const Options& options) {
  std::string path = options.path;
  if (path.ends_with('/')) path.pop_back();
  if (options.add_trailing_slash) path.push_back('/');
  return path;
}

void check(const Options& options) {
  if (!options.path.starts_with('/')) complain("path must begin with a slash, but is \"" + options.path + "\"");
  if (!options.polling && !options.websocket) complain("no client could connect: set polling or websocket");
  if (options.ping_interval <= Duration::zero()) complain("ping_interval must be more than nothing");
  if (options.ping_timeout <= Duration::zero()) complain("ping_timeout must be more than nothing");
  if (options.per_message_deflate) check(options.per_message_deflate->effort, "per_message_deflate.effort");
  if (options.http_compression) check(options.http_compression->effort, "http_compression.effort");
  if (options.cookie) complain(complaint_about(*options.cookie));
  if (options.cors) complain(complaint_about(*options.cors));
  for (const std::string& origin : options.allowed_origins.value_or(std::vector<std::string>())) {
    if (origin != "*" && !is_origin(origin)) complain("allowed_origins: " + complaint_about_origin(origin));
  }
}

}  // namespace atrium::engineio
