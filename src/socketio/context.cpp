#include "socketio/context.h"

#include "socketio/socket.h"

namespace atrium::socketio {

void refuse(Socket& socket, const Event& event, const Refusal& refusal) {
  json::object told{
      {"code", refusal.code()}, {"message", refusal.message()}, {"field", refusal.field()}, {"event", event.name}};
  if (event.ack) {
    event.ack(json::object{{"ok", false}, {"error", std::move(told)}});
  } else {
    socket.emit("error", told);
  }
}

}  // namespace atrium::socketio
