#include "redis/address.h"

#include <spdlog/fmt/fmt.h>

#include <boost/url/parse.hpp>
#include <charconv>

#include "net/address.h"

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

}  // namespace

Result<Address, std::string> parse_address(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return wrong(url, "write redis://host:6379 or unix:///path/of/the.sock");
  Address address{.where = {}, .user = parsed->user(), .password = parsed->password()};
  std::string database;
  if (parsed->scheme() == "unix") {
    address.where.host = std::string(net::kUnixPrefix) + parsed->path();
    if (parsed->path().empty()) return wrong(url, "it names no socket");
    const auto parameters = parsed->params();
    if (const auto found = parameters.find("db"); found != parameters.end()) database = (*found).value;
  } else if (parsed->scheme() == "redis") {
    address.where = {.host = std::string(parsed->host_address()), .port = parsed->has_port() ? parsed->port_number() : kPort};
    if (address.where.host.empty()) return wrong(url, "it names no host");
    if (parsed->has_port() && address.where.port == 0) return wrong(url, "its port is none");
    if (parsed->path().size() > 1) database = parsed->path().substr(1);
  } else if (parsed->scheme() == "rediss") {
    return wrong(url, "TLS to a Redis is not supported yet; use redis:// on a network that you trust");
  } else {
    return wrong(url, "it must begin with redis:// or unix://");
  }
  if (!database.empty() && !read_number(database, address.database)) return wrong(url, "its database is not a number");
  return address;
}

std::string to_string(const Address& address) {
  const auto& [host, port] = address.where;
  if (host.starts_with(net::kUnixPrefix)) return host;
  const bool v6 = host.find(':') != host.npos;
  return fmt::format("redis://{}{}{}:{}/{}", v6 ? "[" : "", host, v6 ? "]" : "", port, address.database);
}

}  // namespace atrium::redis
