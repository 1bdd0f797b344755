#include "socketio/typed_handler.h"

#include "socketio/socket.h"

namespace atrium::socketio {

void refuse_payload(Socket& socket, const Event& event, const FieldError& error) {
  const std::string words = error.field.empty() ? "The payload of " + event.name + " " + error.message + "."
                                                : "'" + error.field + "' of " + event.name + " " + error.message + ".";
  const json::object told{{"code", "VALIDATION_FAILED"}, {"message", words}, {"field", error.field}, {"event", event.name}};
  if (event.ack) {
    event.ack(json::object{{"ok", false}, {"error", told}});
  } else {
    socket.emit("error", told);
  }
}

}  // namespace atrium::socketio
