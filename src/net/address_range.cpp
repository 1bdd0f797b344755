#include "net/address_range.h"

#include <boost/asio/ip/address.hpp>

namespace atrium::net {

namespace ip = boost::asio::ip;

namespace {

std::optional<ip::address> parse_address(std::string_view words) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(words, error);
  if (error) return std::nullopt;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

}  // namespace

std::optional<AddressRange> AddressRange::parse(std::string_view words) {
  if (const auto one = parse_address(words)) {
    if (one->is_v4()) return AddressRange(ip::network_v4(one->to_v4(), 32));
    return AddressRange(ip::network_v6(one->to_v6(), 128));
  }
  boost::system::error_code error;
  const auto v4 = ip::make_network_v4(words, error);
  if (!error) return AddressRange(v4.canonical());
  const auto v6 = ip::make_network_v6(words, error);
  if (!error) return AddressRange(v6.canonical());
  return std::nullopt;
}

bool AddressRange::contains(std::string_view words) const {
  const auto address = parse_address(words);
  if (!address) return false;
  if (const auto* v4 = std::get_if<ip::network_v4>(&network_)) {
    return address->is_v4() && ip::network_v4(address->to_v4(), v4->prefix_length()).canonical() == *v4;
  }
  const auto& v6 = std::get<ip::network_v6>(network_);
  return address->is_v6() && ip::network_v6(address->to_v6(), v6.prefix_length()).canonical() == v6;
}

std::optional<std::string> normal_address(std::string_view address) {
  const auto parsed = parse_address(address);
  return parsed ? std::optional(parsed->to_string()) : std::nullopt;
}

}  // namespace atrium::net
