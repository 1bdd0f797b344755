#include "socketio/client_files.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/base64.h"
#include "base/digest.h"
#include "engineio/answer_headers.h"

namespace atrium::socketio {

namespace {

constexpr std::array<std::string_view, 4> kScripts{"socket.io.js", "socket.io.min.js", "socket.io.esm.min.js",
                                                   "socket.io.msgpack.min.js"};

std::optional<std::string> read(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

}  // namespace

ClientFiles::ClientFiles(const std::filesystem::path& directory, std::string path) {
  if (!path.ends_with('/')) path.push_back('/');
  const auto add = [&](const std::string& name, std::string_view type) {
    const auto body = read(directory / name);
    if (!body) return;
    File file{.bodies = {}, .content_type = std::string(type), .etag = "\"" + base64url_encode(sha256(*body)) + "\""};
    for (const auto coding : {http::ContentCoding::identity, http::ContentCoding::gzip, http::ContentCoding::deflate}) {
      file.bodies[static_cast<std::size_t>(coding)] = http::encode_content(*body, coding, {});
    }
    files_.emplace(path + name, std::move(file));
  };
  for (const std::string_view script : kScripts) {
    add(std::string(script), "application/javascript; charset=utf-8");
    add(std::string(script) + ".map", "application/json; charset=utf-8");
  }
  if (files_.empty()) {
    throw std::invalid_argument("serve_client: the directory '" + directory.string() +
                                "' has no socket.io.js; name the folder dist of npm's socket.io-client");
  }
}

std::optional<http::Response> ClientFiles::answer(const http::Request& request,
                                                  const std::optional<engineio::Cors>& cors) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const auto found = files_.find(request.path);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  http::Response response{.status = 200,
                          .headers = {{"Cache-Control", "public, max-age=0"}, {"ETag", file.etag}, {"Vary", "Accept-Encoding"}},
                          .body = {}};
  if (cors) engineio::add_cors_headers(*cors, request, response.headers);
  // A list of tags, compared weakly (RFC 9110 13.1.2).
  if (request.header("if-none-match").value_or("").find(file.etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  const auto coding = http::choose_coding(request.headers);
  if (coding != http::ContentCoding::identity) {
    response.headers.emplace_back("Content-Encoding", http::to_string(coding));
  }
  response.headers.emplace_back("Content-Type", file.content_type);
  response.body = file.bodies[static_cast<std::size_t>(coding)];
  return response;
}

}  // namespace atrium::socketio
