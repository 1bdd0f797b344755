#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "socketio/audience.h"
#include "socketio/offset.h"
#include "socketio/outgoing.h"
#include "socketio/socket_info.h"

namespace atrium::cluster {

namespace json = boost::json;

/// What one node says to all others of a namespace, in no bus's form.
namespace say {

/// The origin of a place that the bus gives, whoever said it.
constexpr std::uint32_t kBusOrigin = 0xffffffff;

struct Event {
  socketio::Audience audience;
  std::shared_ptr<const socketio::Outgoing> event;
  bool may_drop = false;
  bool compress = true;
  Duration timeout{};  ///< of the acknowledgements, where they are asked for
  /// Among all that its node, or the bus, has said in the namespace; official nodes do not tell.
  std::optional<socketio::Offset> place = {};
};
struct JoinRooms {
  socketio::Audience who;
  std::vector<std::string> rooms;
};
struct LeaveRooms {
  socketio::Audience who;
  std::vector<std::string> rooms;
};
struct Disconnect {
  socketio::Audience who;
  bool close = false;  ///< the connection too, with all that is on it
};
/// The sockets themselves. Official nodes tell the handshakes too, whatever the detail.
struct FetchSockets {
  socketio::Audience who;
  socketio::Detail detail = socketio::Detail::with_handshake;
};
/// How many there are. Official nodes take it for FetchSockets.
struct CountSockets {
  socketio::Audience who;
};
/// The names of the rooms; the ids of the sockets in any of `rooms`. Asked by official nodes alone.
struct ListRooms {};
struct ListSockets {
  std::vector<std::string> rooms;
};
/// To the servers, not to clients. An array that begins with the event's name.
struct ServerEvent {
  json::array event;
};

}  // namespace say

struct NodeMessage {
  std::string from;     ///< the node's id; empty where a program that is no node said it
  std::string request;  ///< names the question that this is; empty: nobody waits for an answer
  std::variant<say::Event, say::JoinRooms, say::LeaveRooms, say::Disconnect, say::FetchSockets, say::CountSockets,
               say::ListRooms, say::ListSockets, say::ServerEvent>
      what;
};

/// What a node answers to another one's question.
namespace answer {

/// So many of its clients were asked for an acknowledgement.
struct Asked {
  std::size_t clients = 0;
};
/// What one of them acknowledged with: the first argument.
struct Acknowledgement {
  json::value argument;
  std::vector<Bytes> attachments;
};
struct Sockets {
  std::vector<socketio::SocketInfo> sockets;
};
struct SocketCount {
  std::size_t sockets = 0;
};
struct Rooms {
  std::vector<std::string> rooms;
};
struct SocketIds {
  std::vector<std::string> ids;
};
struct ServerAnswer {
  json::value argument;
};

}  // namespace answer

struct NodeAnswer {
  std::string request;
  std::variant<answer::Asked, answer::Acknowledgement, answer::Sockets, answer::SocketCount, answer::Rooms, answer::SocketIds,
               answer::ServerAnswer>
      what;
};

}  // namespace atrium::cluster
