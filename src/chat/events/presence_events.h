#pragma once

#include <boost/describe.hpp>
#include <string>

// Events about who is online.

namespace atrium::chat::events {

struct Online {  ///< presence:online
  std::string userId;
  std::string userName;
};
BOOST_DESCRIBE_STRUCT(Online, (), (userId, userName))

struct Offline {  ///< presence:offline
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(Offline, (), (userId))

}  // namespace atrium::chat::events
