#pragma once

#include <string>
#include <string_view>

#include "tests/support/engine_server.h"

namespace atrium::test {

/// A request for a WebSocket at `target` with more headers, each with its line's end.
inline std::string upgrade_request(std::string_view target, std::string_view headers) {
  std::string request = WebSocketClient::request(target);
  return request.insert(request.size() - 2, headers);
}

/// The whole answer to it, be it a 101 or a refusal.
inline HttpAnswer ask_for_websocket(EngineServer& server, std::string_view target, std::string_view headers = {}) {
  auto client = server.connect();
  client.send(upgrade_request(target, headers));
  HttpAnswer answer = client.read_head();
  if (answer.status != 101) answer.body = client.read_to_end();
  return answer;
}

}  // namespace atrium::test
