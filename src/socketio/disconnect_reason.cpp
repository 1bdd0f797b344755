#include "socketio/disconnect_reason.h"

namespace atrium::socketio {

std::string_view to_string(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::transport_close:
      return "transport close";
    case DisconnectReason::transport_error:
      return "transport error";
    case DisconnectReason::ping_timeout:
      return "ping timeout";
    case DisconnectReason::parse_error:
      return "parse error";
    case DisconnectReason::forced_close:
      return "forced close";
    case DisconnectReason::server_shutting_down:
      return "server shutting down";
    case DisconnectReason::forced_server_close:
      return "forced server close";
    case DisconnectReason::client_namespace_disconnect:
      return "client namespace disconnect";
    case DisconnectReason::server_namespace_disconnect:
      return "server namespace disconnect";
  }
  return "transport error";
}

DisconnectReason to_disconnect_reason(engineio::CloseReason reason) {
  switch (reason) {
    case engineio::CloseReason::transport_close:
      return DisconnectReason::transport_close;
    case engineio::CloseReason::transport_error:
      return DisconnectReason::transport_error;
    case engineio::CloseReason::ping_timeout:
      return DisconnectReason::ping_timeout;
    case engineio::CloseReason::parse_error:
      return DisconnectReason::parse_error;
    case engineio::CloseReason::forced_close:
      return DisconnectReason::forced_close;
    case engineio::CloseReason::server_shutting_down:
      return DisconnectReason::server_shutting_down;
  }
  return DisconnectReason::transport_error;
}

}  // namespace atrium::socketio
