// An HTTP API and Socket.IO on one port: what comes in by a POST goes out to the sockets of a room.
//
//   curl -X POST localhost:3000/api/orders/42/status -H 'Content-Type: application/json' -d '{"status":"shipped"}'
//
//   socket.emit('watch', '42');
//   socket.on('order', ({ id, status }) => console.log(id, status));
#include <atrium/http/response.h>
#include <atrium/socketio/server.h>
#include <atrium/web/json_body.h>
#include <atrium/web/router.h>

#include <iostream>

using namespace atrium;
using socketio::Server;
using socketio::Socket;

struct Order {
  std::string id;
  std::string status;
};
BOOST_DESCRIBE_STRUCT(Order, (), (id, status))

struct StatusChange {
  std::string status;
};
BOOST_DESCRIBE_STRUCT(StatusChange, (), (status))

// What a handler throws as a Problem is the answer (RFC 9457); this one names the field that is wrong.
StatusChange read_change(const http::Request& request) {
  auto change = from_json<StatusChange>(web::parse_json_body(request));
  if (!change) throw web::Problem(422, "INVALID_BODY", "That is no change of status.", {change.error()});
  return *change;
}

// A handler of one's own, for what no route fits. It may keep the exchange and answer later.
class FrontPage final : public http::Handler {
 public:
  void handle(std::shared_ptr<http::Exchange> exchange) override {
    if (exchange->request().path != "/") return exchange->respond({.status = 404, .headers = {}, .body = {}});
    exchange->respond({.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = "Orders are at /api/orders\n"});
  }
};

int main(int argc, char** argv) {
  Server io;
  io.on("watch", [](Socket& socket, const std::string& id) { socket.join("order:" + id); });

  FrontPage front_page;
  web::Router router({.prefixes = {"/api"}, .allowed_origins = {}, .fallback = &front_page});
  router.add("POST", "/orders/:id/status", [&io](web::Context& context) -> Task<http::Response> {
    const std::string& id = context.param("id");
    io.to("order:" + id).emit("order", Order{.id = id, .status = read_change(context.request()).status});
    co_return http::Response{.status = 204, .headers = {}, .body = {}};
  });
  router.add("GET", "/sockets", [&io](web::Context&) -> Task<http::Response> {
    const std::size_t count = co_await io.sockets().count_sockets();
    co_return web::json_response({{"count", count}});
  });
  io.serve_http(router);  // whatever is not below /socket.io/

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
