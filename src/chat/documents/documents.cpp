#include "chat/documents/documents.h"

#include <algorithm>
#include <vector>

#include "chat/documents/http_api.h"
#include "chat/events.h"
#include "chat/events/outgoing.h"
#include "chat/socket_api.h"
#include "chat/version.h"
#include "socketio/asyncapi.h"
#include "web/openapi.h"

namespace atrium::chat {

namespace {

constexpr auto kAboutHttp =
    "Whatever is refused is answered with a problem of RFC 9457, whose code is for programs. Members that are not required "
    "are left out when they are empty; more may be added, so ignore what you do not know.";
constexpr auto kAboutSockets =
    "Socket.IO 4 (protocol 5). Show the token as auth.token when you connect. Whatever is refused is told by the event "
    "error, and by the acknowledgement where one was asked for. Where a lost connection can be recovered, a text that is for "
    "the client library follows the payload. Members that are not required are left out when they are empty; more may be "
    "added, so ignore what you do not know.";

json::object bearer() {
  return {{"type", "http"},
          {"scheme", "bearer"},
          {"bearerFormat", "JWT"},
          {"description",
           "The access token; a browser may show it as the cookie access_token. A stream also takes ?ticket=, once, with what "
           "POST /auth/ticket gives."}};
}

json::object debug_secret() {
  return {{"type", "apiKey"},
          {"in", "header"},
          {"name", "X-Debug-Secret"},
          {"description", "What the server was given as --debug-secret; taken as a bearer token too."}};
}

json::object socket_token() {
  return {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}, {"description", "As auth.token of the handshake."}};
}

template <class... Lines>
void add_outgoing(socketio::AsyncApi& api, const std::tuple<Lines...>& table) {
  std::apply([&api](const auto&... lines) { (api.add_outgoing<typename Lines::Payload>(lines.name, lines.summary), ...); },
             table);
}

}  // namespace

json::object openapi_document(const Config& config) {
  json::object schemes{{"bearer", bearer()}};
  if (!config.debug_secret.empty()) schemes["debug"] = debug_secret();
  web::OpenApi api({.title = "Atrium",
                    .version = std::string(kVersion),
                    .description = kAboutHttp,
                    .prefixes = http_prefixes(),
                    .security_schemes = std::move(schemes)});
  each_http_table(config, [&api]<class Table>(std::type_identity<Table>) { api.add<Table>(); });
  return api.document();
}

json::object asyncapi_document() {
  socketio::AsyncApi api({.title = "Atrium",
                          .version = std::string(kVersion),
                          .description = kAboutSockets,
                          .nsp = std::string(kNamespace),
                          .path = std::string(kPath),
                          .security_schemes = {{"token", socket_token()}}});
  api.add<SocketApi, events::Refused>();
  add_outgoing(api, events::kTold);
  return api.document();
}

std::string list_routes() {
  using Row = std::array<std::string, 4>;
  std::vector<Row> rows{{"METHOD", "PATH", "WHO", "WHAT"}};
  const auto add = [&rows](auto facts) {
    std::string who;
    for (const std::string_view scheme : facts.security()) who += (who.empty() ? "" : "+") + std::string(scheme);
    rows.push_back(
        {std::string(facts.method), std::string(facts.pattern), who.empty() ? "anybody" : who, std::string(facts.summary())});
  };
  Config everything;
  everything.demo = true;
  everything.debug_secret = "any";
  each_http_table(everything, [&add]<class Table>(std::type_identity<Table>) { web::visit_routes<Table>(add); });

  Row::value_type text;
  for (const Row& row : rows) {
    for (std::size_t column = 0; column + 1 < row.size(); ++column) {
      std::size_t width = 0;
      for (const Row& other : rows) width = std::max(width, other[column].size());
      text += row[column] + std::string(width + 2 - row[column].size(), ' ');
    }
    text += row.back() + "\n";
  }
  return text;
}

}  // namespace atrium::chat
