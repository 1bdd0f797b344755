#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engineio/cors.h"
#include "http/content_coding.h"
#include "http/request.h"
#include "http/response.h"

namespace atrium::socketio {

/// The JavaScript client for pages that take it from the server itself, by `<script src="/socket.io/socket.io.js">`: the files
/// of dist/ in npm's socket.io-client. All are read and compressed once at start, so that no request touches the disk and no
/// path leads anywhere. Immutable; shared by all shards.
class ClientFiles final {
 public:
  /// `path`: that of the server; the files stand below it. Throws std::invalid_argument when `directory` has none of them.
  ClientFiles(const std::filesystem::path& directory, std::string path);

  /// The answer to a GET or HEAD for one of the files; none when `request` is for something else. `cors`: as for polling.
  std::optional<http::Response> answer(const http::Request& request, const std::optional<engineio::Cors>& cors) const;

 private:
  struct File {
    std::array<std::string, 3> bodies;  ///< by http::ContentCoding
    std::string content_type;
    std::string etag;  ///< by content, unlike the official server's, which is the version of the package
  };

  std::map<std::string, File, std::less<>> files_;  ///< by path: "/socket.io/socket.io.min.js"
};

}  // namespace atrium::socketio
