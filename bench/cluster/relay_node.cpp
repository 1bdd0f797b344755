// One node of a cluster over a Redis, with Atrium's library: the relay of the original application, as node_server.mjs has it,
// without presence. Believes what a token says: connecting is not what it is measured by.
//   relay_node PORT REDIS_URL classic|sharded|streams SHARDS
#include <cstdlib>
#include <iostream>

#include "base/base64.h"
#include "base/random_id.h"
#include "base/timestamp.h"
#include "cluster/over_redis.h"
#include "socketio/server.h"

using namespace atrium;
using namespace atrium::socketio;

namespace {

struct Channel {
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(Channel, (), (channelId))

struct Message {
  std::string channelId;
  std::string content;
};
BOOST_DESCRIBE_STRUCT(Message, (), (channelId, content))

struct User {
  std::string id;
  std::string name;
};

std::string room_of(const std::string& channel) { return "channel:" + channel; }

User user_of(const Socket& socket) {
  const json::value* token = socket.auth().if_contains("token");
  const std::string text = token && token->is_string() ? std::string(token->get_string()) : std::string();
  const auto body = base64url_decode(text.substr(0, text.rfind('.')).substr(text.find('.') + 1));
  boost::system::error_code error;
  const json::value claims = json::parse(body.value_or("{}"), error);
  if (error || !claims.is_object() || !claims.as_object().contains("sub")) return {};
  return {std::string(claims.at("sub").as_string()), std::string(claims.at("email").as_string())};
}

const User& user(Socket& socket) { return std::any_cast<const User&>(socket.local_data); }

void serve(Namespace& chat) {
  chat.on_connection([](Socket& socket) {
    const User who = user_of(socket);
    socket.local_data = who;
    socket.emit("welcome", json::object{{"id", socket.id()}, {"userId", who.id}});
  });
  chat.on("channel:join", [](Socket& socket, const Channel& channel) {
    socket.join(room_of(channel.channelId));
    return channel;
  });
  chat.on("channel:leave", [](Socket& socket, const Channel& channel) {
    socket.leave(room_of(channel.channelId));
    return channel;
  });
  chat.on("channel:typing", [](Socket& socket, const Channel& channel) {
    const auto& [id, name] = user(socket);
    socket.to(room_of(channel.channelId))
        .emit("channel:typing", json::object{{"channelId", channel.channelId}, {"userId", id}, {"userName", name}});
  });
  chat.on("channel:stop_typing", [](Socket& socket, const Channel& channel) {
    const json::object stop{{"channelId", channel.channelId}, {"userId", user(socket).id}};
    socket.to(room_of(channel.channelId)).emit("channel:stop_typing", stop);
  });
  chat.on("message:send", [&chat](Socket& socket, const Message& message) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    chat.to(room_of(message.channelId))
        .emit("message:new", json::object{{"messageId", object_id(now)},
                                          {"channelId", message.channelId},
                                          {"senderId", user(socket).id},
                                          {"senderName", user(socket).name},
                                          {"content", message.content},
                                          {"createdAt", to_iso8601(now)}});
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return EXIT_FAILURE;
  const std::string_view word = argv[3];
  const auto mode = word == "sharded"   ? cluster::RedisMode::sharded
                    : word == "streams" ? cluster::RedisMode::streams
                                        : cluster::RedisMode::classic;
  std::uint16_t port = 0;
  const auto say = [&](bool up) {
    if (up) std::cout << "listening on http://localhost:" << port << std::endl;
  };
  Server io({.path = "/ws",
             .shards = static_cast<unsigned>(std::atoi(argv[4])),
             .adapter = cluster::over_redis({.url = argv[2], .mode = mode, .on_change = say})});
  serve(io.of("/chat"));
  const auto bound = io.listen({"127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1]))});
  if (!bound) {
    std::cerr << bound.error() << '\n';
    return EXIT_FAILURE;
  }
  port = *bound;
  io.run();
}
