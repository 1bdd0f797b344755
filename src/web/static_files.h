#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/handler.h"
#include "http/response.h"

namespace atrium::web {

/// Serves the files of a directory, all read into memory at start, so that no request touches the disk and no path leads
/// out of the directory. The page is a single-page application: a browser that asks for an unknown path gets index.html.
/// Immutable; shared by all shards.
class StaticFiles final : public http::Handler {
 public:
  static constexpr std::uintmax_t kMaxTotal = 32 * 1024 * 1024;  ///< octets of all files together

  /// The error is a sentence for the person who named the directory.
  static Result<std::unique_ptr<StaticFiles>, std::string> load(const std::filesystem::path& directory,
                                                                std::uintmax_t max_total = kMaxTotal);

  void handle(std::shared_ptr<http::Exchange> exchange) override;
  /// The answer to `request`, by itself.
  http::Response answer(const http::Request& request) const;

 private:
  struct File {
    std::string body;
    std::string content_type;
    std::string etag;
    std::string cache_control;
  };

  StaticFiles() = default;
  const File* find(const http::Request& request) const;

  std::map<std::string, File, std::less<>> files_;  ///< by path: "/app-1A2B3C4D.js"
};

}  // namespace atrium::web
