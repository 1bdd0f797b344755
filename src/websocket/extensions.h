#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::websocket {

/// One extension that a client would use, with what it asks of it.
struct ExtensionOffer {
  struct Parameter {
    std::string name;
    std::optional<std::string> value;  ///< unquoted
  };

  std::string name;
  std::vector<Parameter> parameters;
};

/// Reads a Sec-WebSocket-Extensions header; several lines of it are one, joined by commas (RFC 6455, section 9.1):
///
///    header = 1#( token *( ";" token [ "=" ( token / quoted-string that holds a token ) ] ) )
///
/// None when it is malformed: then no WebSocket may come of the request. The empty header offers nothing.
std::optional<std::vector<ExtensionOffer>> parse_extensions(std::string_view header);

/// Answers the first offer of permessage-deflate that can be taken (RFC 7692, section 7.1), in the form of a
/// Sec-WebSocket-Extensions header; none when there is none.
///
/// No side ever takes its context over to the next message: the server's messages are compressed once for all receivers, and
/// an idle connection owns no zlib state. For the same reason the server's window is 32 KiB: an offer that demands a smaller
/// one is declined. The client's window may be of any size. An offer with a parameter that RFC 7692 does not define, twice
/// the same, or a bad value is declined too (section 7.1).
std::optional<std::string> accept_deflate(std::span<const ExtensionOffer> offers);

}  // namespace atrium::websocket
