#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "websocket/frame.h"

namespace atrium::test {

enum class Fin { more, last };

/// A frame as a client sends it: masked with `mask`, the length in its shortest form.
inline std::string client_frame(websocket::Opcode opcode, std::string_view payload, Fin fin = Fin::last,
                                std::array<char, 4> mask = {0x37, '\xfa', 0x21, 0x3d}) {
  std::string frame = websocket::encode_frame(opcode, payload);
  if (fin == Fin::more) frame[0] = static_cast<char>(frame[0] & 0x7f);
  frame[1] = static_cast<char>(frame[1] | 0x80);
  frame.resize(frame.size() - payload.size());
  frame.append(mask.data(), mask.size());
  for (std::size_t i = 0; i < payload.size(); ++i) frame.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  return frame;
}

}  // namespace atrium::test
