// A file arrives in pieces of octets, which travel beside the JSON as they are. Each piece is acknowledged, so that a client
// never has more under way than it wants to.
//
//   upload [--port 3000]
//
//   const { id } = await socket.emitWithAck('upload:begin', { name: file.name, size: file.size });
//   for (let at = 0; at < file.size; at += 256 * 1024) {
//     await socket.emitWithAck('upload:piece', id, at, await file.slice(at, at + 256 * 1024).arrayBuffer());
//   }
//   const { sha256 } = await socket.emitWithAck('upload:end', id);
#include <atrium/base/base64.h>
#include <atrium/base/digest.h>
#include <atrium/socketio/server.h>

#include <iostream>
#include <map>

using namespace atrium::socketio;
using atrium::Bytes;

struct Begin {
  std::string name;
  std::size_t size = 0;  // octets
};
BOOST_DESCRIBE_STRUCT(Begin, (), (name, size))

struct Begun {
  int id = 0;
};
BOOST_DESCRIBE_STRUCT(Begun, (), (id))

struct Received {
  std::string name;
  std::size_t size = 0;
  std::string sha256;  // in base64
};
BOOST_DESCRIBE_STRUCT(Received, (), (name, size, sha256))

// What one socket is uploading. Lives with the socket, on its thread, so nothing needs a lock.
struct Uploads {
  struct File {
    std::string name;
    std::size_t size;
    std::string octets;
  };
  std::map<int, File> files;
  int last_id = 0;
};

constexpr std::size_t kMaxFile = 64 * 1024 * 1024;
constexpr std::size_t kMaxFiles = 4;  // at once

Uploads& uploads_of(Socket& socket) {
  if (!socket.local_data.has_value()) socket.local_data = Uploads{};
  return std::any_cast<Uploads&>(socket.local_data);
}

Begun begin(Socket& socket, const Begin& request) {
  Uploads& uploads = uploads_of(socket);
  if (request.size > kMaxFile) throw Refusal("TOO_LARGE", "A file may have 64 MiB.");
  if (uploads.files.size() == kMaxFiles) throw Refusal("TOO_MANY", "Finish another upload first.");
  const int id = ++uploads.last_id;
  uploads.files[id] = {.name = request.name, .size = request.size, .octets = {}};
  return Begun{id};
}

// Octets are a value that costs nothing to copy: all who hold them share them.
std::size_t piece(Socket& socket, int id, std::size_t at, const Bytes& octets) {
  const auto found = uploads_of(socket).files.find(id);
  if (found == uploads_of(socket).files.end()) throw Refusal("NO_SUCH_UPLOAD", "Begin with upload:begin.");
  Uploads::File& file = found->second;
  if (at != file.octets.size()) throw Refusal("WRONG_PLACE", "Pieces come in order.");
  if (octets.size() > file.size - at) throw Refusal("TOO_LONG", "That is more than upload:begin announced.");
  file.octets += octets.view();
  return file.octets.size();
}

Received end(Socket& socket, int id) {
  const auto found = uploads_of(socket).files.find(id);
  if (found == uploads_of(socket).files.end()) throw Refusal("NO_SUCH_UPLOAD", "Begin with upload:begin.");
  const Uploads::File file = std::move(found->second);
  uploads_of(socket).files.erase(found);
  if (file.octets.size() != file.size) throw Refusal("INCOMPLETE", "Some of the file is missing.");
  return Received{.name = file.name, .size = file.size, .sha256 = atrium::base64_encode(atrium::sha256(file.octets))};
}

int main(int argc, char** argv) {
  Server io({.max_payload = 1'000'000});  // octets of one piece; a client that sends more is disconnected
  io.on("upload:begin", begin);
  io.on("upload:piece", piece);
  io.on("upload:end", end);

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
