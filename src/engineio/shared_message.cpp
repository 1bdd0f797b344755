#include "engineio/shared_message.h"

#include "engineio/payload.h"
#include "websocket/frame.h"

namespace atrium::engineio {

SharedMessage::SharedMessage(PacketType type, std::string_view text, bool has_text, std::vector<Bytes> attachments)
    : attachments_(std::move(attachments)) {
  std::string frames;
  if (has_text) {
    const std::string packet = encode_text(type, text);
    text_size_ = packet.size();
    websocket::append_frame(frames, websocket::Opcode::text, packet);
    text_at_ = frames.size() - text_size_;
  }
  for (const Bytes& octets : attachments_) websocket::append_frame(frames, websocket::Opcode::binary, octets.view());
  frames_ = Bytes(std::move(frames));
}

SharedMessagePtr SharedMessage::message(std::string_view text, std::vector<Bytes> attachments) {
  return SharedMessagePtr(new SharedMessage(PacketType::message, text, true, std::move(attachments)));
}

SharedMessagePtr SharedMessage::binary(Bytes octets) {
  return SharedMessagePtr(new SharedMessage(PacketType::message, {}, false, {std::move(octets)}));
}

SharedMessagePtr SharedMessage::packet(PacketType type, std::string_view data) {
  return SharedMessagePtr(new SharedMessage(type, data, true, {}));
}

std::string_view SharedMessage::polling_payload() const {
  const std::string_view text = frames_.view().substr(text_at_, text_size_);
  if (attachments_.empty()) return text;
  std::call_once(joined_once_, [&] {
    joined_ = text;
    for (const Bytes& octets : attachments_) {
      if (!joined_.empty()) joined_.push_back(kSeparator);
      joined_ += encode_binary(octets.view());
    }
  });
  return joined_;
}

}  // namespace atrium::engineio
