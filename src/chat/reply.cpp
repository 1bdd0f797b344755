#include "chat/reply.h"

#include "chat/events.h"
#include "chat/events/outgoing.h"

namespace atrium::chat {

namespace {

std::optional<std::string> string_member(const json::array& args, std::string_view name) {
  if (args.empty() || !args.front().is_object()) return std::nullopt;
  const json::value* member = args.front().get_object().if_contains(name);
  if (!member || !member->is_string() || member->get_string().size() > 256) return std::nullopt;
  return std::string(member->get_string());
}

events::Fault to_fault(const Failure& failure) {
  events::Fault fault{.code = failure.code,
                      .message = failure.message,
                      .status = failure.status,
                      .field = {},
                      .retryAfterMs = retry_after_ms(failure)};
  if (!failure.field.empty()) fault.field = failure.field;
  return fault;
}

}  // namespace

Reply::Reply(std::shared_ptr<socketio::Socket> socket, const socketio::Event& event)
    : socket_(std::move(socket)),
      event_(event.name),
      ack_(event.ack),
      channel_id_(string_member(event.args, "channelId")),
      client_msg_id_(string_member(event.args, "clientMsgId")) {}

void Reply::fail_quietly(const Failure& failure) const {
  if (ack_) ack_(events::Refused{.error = to_fault(failure)});
}

void Reply::fail(const Failure& failure) const {
  fail_quietly(failure);
  events::Fault fault = to_fault(failure);
  events::Error error{.message = std::move(fault.message),
                      .code = std::move(fault.code),
                      .status = fault.status,
                      .event = event_,
                      .channelId = channel_id_,
                      .clientMsgId = client_msg_id_,
                      .field = std::move(fault.field),
                      .retryAfterMs = fault.retryAfterMs};
  socket_->shard().dispatch([socket = socket_, error = std::move(error)] { events::emit<"error">(*socket, error); });
}

}  // namespace atrium::chat
