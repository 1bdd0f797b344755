#include "socketio/offset.h"

#include <charconv>

namespace atrium::socketio {

namespace {

constexpr int kBase = 36;

template <class Number>
bool parse_whole(std::string_view text, Number& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into, kBase);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string to_string(const Offset& offset) {
  char text[32];
  char* end = std::to_chars(text, text + sizeof(text), offset.origin, kBase).ptr;
  *end++ = '.';
  end = std::to_chars(end, text + sizeof(text), offset.number, kBase).ptr;
  return std::string(text, end);
}

std::optional<Offset> parse_offset(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == text.npos) return std::nullopt;
  Offset offset;
  if (!parse_whole(text.substr(0, dot), offset.origin) || !parse_whole(text.substr(dot + 1), offset.number))
    return std::nullopt;
  return offset;
}

}  // namespace atrium::socketio
