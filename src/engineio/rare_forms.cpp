#include "engineio/rare_forms.h"

#include "websocket/frame.h"

namespace atrium::engineio {

using websocket::Opcode;

const Bytes& RareForms::websocket_frames(const Wire& wire) const {
  auto& form = frames_[wire.revision == Revision::v4 ? 2 : wire.base64 ? 1 : 0];
  std::call_once(form.once, [&] { form.made = Bytes(encode_frames(wire)); });
  return form.made;
}

std::string_view RareForms::payload(PayloadForm form) const {
  auto& payload = payloads_[form == PayloadForm::text ? 0 : 1];
  std::call_once(payload.once, [&] { payload.made = encode_payload(form); });
  return payload.made;
}

std::string RareForms::encode_frames(const Wire& wire) const {
  std::string frames;
  if (!text_packet_.empty()) websocket::append_frame(frames, Opcode::text, text_packet_);
  for (const Bytes& octets : attachments_) {
    if (wire.base64) {
      websocket::append_frame(frames, Opcode::text, encode_binary(octets.view(), wire.revision));
    } else {
      websocket::append_frame(frames, Opcode::binary, std::string(1, kBinaryMessage).append(octets.view()));
    }
  }
  return frames;
}

std::string RareForms::encode_payload(PayloadForm form) const {
  std::string payload;
  if (form == PayloadForm::text) {
    if (!text_packet_.empty()) append_to_text(payload, text_packet_);
    for (const Bytes& octets : attachments_) append_to_text(payload, encode_binary(octets.view(), Revision::v3));
  } else {
    if (!text_packet_.empty()) append_to_octets(payload, text_packet_);
    for (const Bytes& octets : attachments_) append_message_to_octets(payload, octets.view());
  }
  return payload;
}

}  // namespace atrium::engineio
