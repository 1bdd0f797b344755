#include "web/static_files.h"

#include <array>
#include <fstream>
#include <sstream>

#include "base/digest.h"
#include "base/log.h"
#include "http/exchange.h"
#include "web/entity_tag.h"
#include "web/problem.h"

namespace atrium::web {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kContentTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
}};

std::string content_type_of(const fs::path& file) {
  for (const auto& [extension, type] : kContentTypes) {
    if (file.extension() == extension) return std::string(type);
  }
  return "application/octet-stream";
}

/// Bundlers name a file after its content as "app-1A2B3C4D.js": eight characters or more, with a digit among them or all
/// capitals, so that "app-original.js" is none. Such a name never gets another content.
bool is_named_after_content(const fs::path& file) {
  const std::string stem = file.stem().string();
  const std::size_t mark = stem.find_last_of("-.");
  if (mark == stem.npos || stem.size() - mark - 1 < 8) return false;
  bool digit = false;
  bool small = false;
  for (const char c : stem.substr(mark + 1)) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_small = c >= 'a' && c <= 'z';
    if (!is_digit && !is_small && !(c >= 'A' && c <= 'Z') && c != '_') return false;
    digit |= is_digit;
    small |= is_small;
  }
  return digit || !small;
}

std::string etag_of(std::string_view body) {
  std::string tag = "\"";
  for (const char c : sha256(body).substr(0, 16)) tag += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return tag + "\"";
}

void add_security_headers(http::Response& response) {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "same-origin");
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; "
                                "style-src 'self' 'unsafe-inline'; base-uri 'self'; frame-ancestors 'self'");
}

bool has_extension(std::string_view path) { return path.substr(path.rfind('/') + 1).find('.') != path.npos; }

}  // namespace

Result<std::unique_ptr<StaticFiles>, std::string> StaticFiles::load(const fs::path& directory, std::uintmax_t max_total) {
  std::error_code error;
  fs::recursive_directory_iterator entry(directory, error);
  if (error) return fmt::format("Cannot read the directory '{}' of the web page: {}.", directory.string(), error.message());

  std::unique_ptr<StaticFiles> files(new StaticFiles);
  std::uintmax_t total = 0;
  for (; entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (error) return fmt::format("Cannot read all of the directory '{}': {}.", directory.string(), error.message());
    if (entry->path().filename().native().starts_with('.')) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file(error)) continue;
    std::ifstream stream(entry->path(), std::ios::binary);
    std::ostringstream body;
    body << stream.rdbuf();
    if (!stream) return fmt::format("Cannot read the file '{}'.", entry->path().string());
    File file{.body = std::move(body).str(), .content_type = content_type_of(entry->path()), .etag = {}, .cache_control = {}};
    total += file.body.size();
    if (total > max_total) {
      return fmt::format("The directory '{}' holds more than {} octets; is it the built web page?", directory.string(),
                         max_total);
    }
    file.etag = etag_of(file.body);
    file.cache_control = is_named_after_content(entry->path()) ? "public, max-age=31536000, immutable" : "no-cache";
    files->files_.emplace("/" + entry->path().lexically_relative(directory).generic_string(), std::move(file));
  }
  if (!files->files_.contains("/index.html")) {
    return fmt::format("The directory '{}' has no index.html; build the web page first.", directory.string());
  }
  return files;
}

void StaticFiles::handle(std::shared_ptr<http::Exchange> exchange) { exchange->respond(answer(exchange->request())); }

http::Response StaticFiles::answer(const http::Request& request) const {
  http::Response response;
  if (request.method != "GET" && request.method != "HEAD") {
    response = to_response(Problem(405, "METHOD_NOT_ALLOWED", {}, {}, {{"Allow", "GET, HEAD"}}), request.path, {});
  } else if (const File* file = find(request); !file) {
    response = to_response(Problem(404, "NOT_FOUND"), request.path, {});
  } else {
    response.headers = {{"ETag", file->etag}, {"Cache-Control", file->cache_control}};
    if (has_version(request.header("if-none-match").value_or(""), file->etag)) {
      response.status = 304;
    } else {
      response.headers.emplace_back("Content-Type", file->content_type);
      response.body = file->body;
    }
  }
  add_security_headers(response);
  return response;
}

const StaticFiles::File* StaticFiles::find(const http::Request& request) const {
  auto found = files_.find(request.path == "/" ? std::string_view("/index.html") : std::string_view(request.path));
  const bool wants_page = request.header("accept").value_or("").find("text/html") != std::string_view::npos;
  if (found == files_.end() && wants_page && !has_extension(request.path)) found = files_.find("/index.html");
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace atrium::web
