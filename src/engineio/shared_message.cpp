#include "engineio/shared_message.h"

#include <algorithm>

#include "engineio/payload.h"
#include "websocket/frame.h"

namespace atrium::engineio {

SharedMessage::SharedMessage(PacketType type, std::string_view text, bool has_text, std::vector<Bytes> attachments,
                             Compress compress)
    : compress_(compress), attachments_(std::move(attachments)) {
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

SharedMessagePtr SharedMessage::message(std::string_view text, std::vector<Bytes> attachments, Compress compress) {
  return SharedMessagePtr(new SharedMessage(PacketType::message, text, true, std::move(attachments), compress));
}

SharedMessagePtr SharedMessage::binary(Bytes octets, Compress compress) {
  return SharedMessagePtr(new SharedMessage(PacketType::message, {}, false, {std::move(octets)}, compress));
}

SharedMessagePtr SharedMessage::packet(PacketType type, std::string_view data) {
  return SharedMessagePtr(new SharedMessage(type, data, true, {}, Compress::yes));
}

const Bytes& SharedMessage::deflated_frames(const websocket::DeflateOptions& options) const {
  if (compress_ == Compress::no || longest_packet() < options.threshold) return frames_;
  Asked& forms = asked();
  std::call_once(forms.deflated_once, [&] { forms.deflated = Bytes(deflate(options)); });
  return forms.deflated;
}

std::size_t SharedMessage::longest_packet() const {
  std::size_t longest = text_size_;
  for (const Bytes& octets : attachments_) longest = std::max(longest, octets.size());
  return longest;
}

std::string SharedMessage::deflate(const websocket::DeflateOptions& options) const {
  std::string frames;
  const auto append = [&](websocket::Opcode opcode, std::string_view packet) {
    if (packet.size() >= options.threshold) {
      const std::string deflated = websocket::deflate_message(packet, options.effort);
      if (deflated.size() < packet.size()) {
        websocket::append_frame(frames, opcode, deflated, websocket::Coding::deflated);
        return;
      }
    }
    websocket::append_frame(frames, opcode, packet);
  };
  if (text_size_ > 0) append(websocket::Opcode::text, frames_.view().substr(text_at_, text_size_));
  for (const Bytes& octets : attachments_) append(websocket::Opcode::binary, octets.view());
  return frames;
}

std::string_view SharedMessage::polling_payload() const {
  const std::string_view text = text_packet();
  if (attachments_.empty()) return text;
  Asked& forms = asked();
  std::call_once(forms.joined_once, [&] {
    forms.joined = text;
    for (const Bytes& octets : attachments_) {
      if (!forms.joined.empty()) forms.joined.push_back(kSeparator);
      forms.joined += encode_binary(octets.view());
    }
  });
  return forms.joined;
}

std::size_t SharedMessage::data_size() const {
  std::size_t octets = text_size_ > 0 ? text_size_ - 1 : 0;
  for (const Bytes& attachment : attachments_) octets += attachment.size();
  return octets;
}

const RareForms& SharedMessage::rare_forms() const {
  Asked& forms = asked();
  std::call_once(forms.rare_once, [&] { forms.rare = std::make_unique<const RareForms>(text_packet(), attachments_); });
  return *forms.rare;
}

SharedMessage::Asked& SharedMessage::asked() const {
  std::call_once(asked_once_, [&] { asked_ = std::make_unique<Asked>(); });
  return *asked_;
}

}  // namespace atrium::engineio
