#include "redis/address.h"

#include <spdlog/fmt/fmt.h>

#include <boost/url/parse.hpp>
#include <charconv>
#include <optional>

#include "net/address.h"
#include "net/tls_trust.h"

namespace atrium::redis {

namespace {

constexpr std::uint16_t kPort = 6379;

std::string wrong(std::string_view url, std::string_view why) {
  // A password must not come to stand in a log.
  const auto at = url.rfind('@');
  return fmt::format("'{}' is no address of a Redis: {}.", at == url.npos ? url : url.substr(at + 1), why);
}

bool read_number(std::string_view text, unsigned& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

using Url = boost::urls::url_view;
using Problem = std::optional<std::string>;

Problem use_socket(const Url& url, Address& address, std::string& database) {
  address.where.host = std::string(net::kUnixPrefix) + url.path();
  if (url.path().empty()) return "it names no socket";
  const auto parameters = url.params();
  if (const auto found = parameters.find("db"); found != parameters.end()) database = (*found).value;
  return {};
}

Problem use_host(const Url& url, Address& address, std::string& database) {
  address.where = {.host = std::string(url.host_address()), .port = url.has_port() ? url.port_number() : kPort};
  if (address.where.host.empty() || address.where.host.find('\0') != std::string::npos) return "it names no host";
  if (url.has_port() && address.where.port == 0) return "its port is none";
  if (url.path().size() > 1) database = url.path().substr(1);
  return {};
}

Problem read_tls_files(const Url& url, net::TlsTrustOptions& files) {
  const bool tls = url.scheme() == "rediss";
  for (const auto& [name, value, has_value] : url.params()) {
    std::string* const file = name == "ca"     ? &files.ca
                              : name == "cert" ? &files.certificate
                              : name == "key"  ? &files.key
                                               : nullptr;
    if (file && !tls) return fmt::format("with '{}' it must begin with rediss://", name);
    if (!file && tls) return fmt::format("it may have ca=FILE, cert=FILE and key=FILE, but not '{}'", name);
    if (file && value.empty()) return fmt::format("its '{}' names no file", name);
    if (file) *file = value;
  }
  return {};
}

}  // namespace

Result<Address, std::string> parse_address(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return wrong(url, "write redis://host:6379 or unix:///path/of/the.sock");
  Address address{.where = {}, .user = parsed->user(), .password = parsed->password()};
  std::string database;
  const std::string scheme = parsed->scheme();
  net::TlsTrustOptions files;
  Problem problem;
  if (scheme == "unix") {
    problem = use_socket(*parsed, address, database);
  } else if (scheme == "redis" || scheme == "rediss") {
    problem = use_host(*parsed, address, database);
    if (!problem) problem = read_tls_files(*parsed, files);
  } else {
    problem = "it must begin with redis://, rediss:// or unix://";
  }
  if (problem) return wrong(url, *problem);
  if (!database.empty() && !read_number(database, address.database)) return wrong(url, "its database is not a number");
  if (scheme != "rediss") return address;
  auto trust = net::TlsTrust::load(std::move(files));
  if (!trust) return trust.error();
  address.where.tls = std::move(*trust);
  return address;
}

std::string to_string(const Address& address) {
  const std::string& host = address.where.host;
  if (host.starts_with(net::kUnixPrefix)) return host;
  const bool v6 = host.find(':') != host.npos;
  return fmt::format("{}://{}{}{}:{}/{}", address.where.tls ? "rediss" : "redis", v6 ? "[" : "", host, v6 ? "]" : "",
                     address.where.port, address.database);
}

}  // namespace atrium::redis
