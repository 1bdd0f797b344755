#pragma once

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace atrium::net {

/// Some neighbouring addresses, such as 10.0.0.0/8 (RFC 4632), or a single one. A value.
class AddressRange final {
 public:
  /// None: not the words for one.
  static std::optional<AddressRange> parse(std::string_view words);

  /// `address`: in digits; one of IPv4 may be written as of IPv6. False for what is none.
  bool contains(std::string_view address) const;

 private:
  using Network = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;
  explicit AddressRange(Network network) : network_(network) {}

  Network network_;
};

/// `address` in its usual digits; none when it is no address.
std::optional<std::string> normal_address(std::string_view address);

}  // namespace atrium::net
