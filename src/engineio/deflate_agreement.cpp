#include "engineio/deflate_agreement.h"

#include "websocket/extensions.h"

namespace atrium::engineio {

std::optional<DeflateAgreement> agree_on_deflate(const http::Request& request, const Options& options) {
  if (!options.per_message_deflate) return DeflateAgreement{};
  std::string offered;
  for (const auto& [name, value] : request.headers) {
    if (name == "sec-websocket-extensions") offered.append(value).push_back(',');
  }
  const auto offers = websocket::parse_extensions(offered);
  if (!offers) return std::nullopt;
  const auto answer = websocket::accept_deflate(*offers);
  if (!answer) return DeflateAgreement{};
  return DeflateAgreement{&*options.per_message_deflate, "Sec-WebSocket-Extensions: " + *answer + "\r\n"};
}

}  // namespace atrium::engineio
