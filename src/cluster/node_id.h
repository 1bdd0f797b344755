#pragma once

#include <boost/algorithm/hex.hpp>
#include <string>

#include "base/random_id.h"

namespace atrium::cluster {

/// 16 hexadecimal digits, as socket.io-adapter gives to its nodes and questions.
inline std::string node_id() {
  std::string digits;
  boost::algorithm::hex_lower(random_octets(8), std::back_inserter(digits));
  return digits;
}

}  // namespace atrium::cluster
