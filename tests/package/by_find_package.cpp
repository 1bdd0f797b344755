// Uses each of the installed libraries that need something of their own.
#include <atrium/admin/instrument.h>
#include <atrium/cron/cron_expression.h>
#include <atrium/socketio/server.h>
#include <atrium/web/json_body.h>
#include <atrium/web/router.h>

#include <iostream>

int main() {
  atrium::admin::Traffic traffic;
  atrium::socketio::Server io({.traffic = &traffic});
  const atrium::admin::Instrument instrument(io, traffic, {.auth = atrium::admin::NoAuth()});
  io.on("double", [](int number) { return 2 * number; });
  atrium::web::Router router({});
  router.add("GET", "/noon", [](atrium::web::Context&) -> atrium::Task<atrium::http::Response> {
    const auto noon = atrium::cron::CronExpression::parse("0 12 * * *");
    co_return atrium::web::json_response(atrium::json::value_from(noon->text()));
  });
  io.serve_http(router);
  const auto port = io.listen({.host = "127.0.0.1"});
  if (!port) return 2;
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
