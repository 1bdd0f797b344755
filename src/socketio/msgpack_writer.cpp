#include "socketio/msgpack_writer.h"

#include <bit>
#include <boost/endian/conversion.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "socketio/placeholder.h"

namespace atrium::socketio {

namespace {

template <class Number>
constexpr bool fits(std::uint64_t value) {
  return value <= std::numeric_limits<Number>::max();
}

/// A format, and the number that belongs to it, the most significant octet first.
template <class Number>
void append(std::string& to, std::uint8_t format, Number number) {
  char octets[1 + sizeof number];
  octets[0] = static_cast<char>(format);
  boost::endian::endian_store<Number, sizeof number, boost::endian::order::big>(reinterpret_cast<unsigned char*>(octets + 1),
                                                                                number);
  to.append(octets, sizeof octets);
}

void append(std::string& to, std::uint64_t format) { to.push_back(static_cast<char>(format)); }

/// `size` in 16 or 32 bits.
void append_size(std::string& to, std::uint8_t format16, std::size_t size) {
  assert(fits<std::uint32_t>(size));
  if (fits<std::uint16_t>(size)) return append(to, format16, static_cast<std::uint16_t>(size));
  append(to, format16 + 1, static_cast<std::uint32_t>(size));
}

/// `size` in 8, 16 or 32 bits.
void append_short_size(std::string& to, std::uint8_t format8, std::size_t size) {
  if (fits<std::uint8_t>(size)) return append(to, format8, static_cast<std::uint8_t>(size));
  append_size(to, format8 + 1, size);
}

/// One walk through a value: remembers which attachments have been written.
class Walk final {
 public:
  Walk(MsgpackWriter& to, std::span<const Bytes> attachments)
      : to_(to), attachments_(attachments), written_(attachments.size()) {}

  void write(const json::value& value) {
    switch (value.kind()) {
      case json::kind::null:
        return to_.nil();
      case json::kind::bool_:
        return to_.boolean(value.get_bool());
      case json::kind::int64:
        return to_.integer(value.get_int64());
      case json::kind::uint64:
        return to_.integer(value.get_uint64());
      case json::kind::double_:
        return to_.number(value.get_double());
      case json::kind::string:
        return to_.string(value.get_string());
      case json::kind::array:
        return write(value.get_array());
      case json::kind::object:
        return write(value.get_object());
    }
  }

  void write(const json::array& array) {
    to_.array(array.size());
    for (const json::value& element : array) write(element);
  }

  void write(const json::object& object) {
    if (write_attachment(object)) return;
    to_.map(object.size());
    for (const auto& member : object) {
      to_.string(member.key());
      write(member.value());
    }
  }

 private:
  bool write_attachment(const json::object& object) {
    if (attachments_.empty()) return false;
    const auto index = attachment_index(object, attachments_.size());
    if (!index || written_[*index]) return false;
    written_[*index] = true;
    to_.octets(attachments_[*index].view());
    return true;
  }

  MsgpackWriter& to_;
  const std::span<const Bytes> attachments_;
  std::vector<bool> written_;
};

}  // namespace

void MsgpackWriter::nil() { append(to_, 0xc0); }

void MsgpackWriter::boolean(bool value) { append(to_, value ? 0xc3 : 0xc2); }

void MsgpackWriter::integer(std::uint64_t value) {
  if (value < 0x80) return append(to_, value);
  if (fits<std::uint8_t>(value)) return append(to_, 0xcc, static_cast<std::uint8_t>(value));
  if (fits<std::uint16_t>(value)) return append(to_, 0xcd, static_cast<std::uint16_t>(value));
  if (fits<std::uint32_t>(value)) return append(to_, 0xce, static_cast<std::uint32_t>(value));
  append(to_, 0xcf, value);
}

void MsgpackWriter::integer(std::int64_t value) {
  if (value >= 0) return integer(static_cast<std::uint64_t>(value));
  if (value >= -0x20) return append(to_, static_cast<std::uint8_t>(value));
  if (value >= std::numeric_limits<std::int8_t>::min()) return append(to_, 0xd0, static_cast<std::uint8_t>(value));
  if (value >= std::numeric_limits<std::int16_t>::min()) return append(to_, 0xd1, static_cast<std::uint16_t>(value));
  if (value >= std::numeric_limits<std::int32_t>::min()) return append(to_, 0xd2, static_cast<std::uint32_t>(value));
  append(to_, 0xd3, static_cast<std::uint64_t>(value));
}

void MsgpackWriter::number(double value) {
  const bool whole = std::trunc(value) == value;
  if (whole && value >= 0 && value < 0x1p64) return integer(static_cast<std::uint64_t>(value));
  if (whole && value < 0 && value >= -0x1p63) return integer(static_cast<std::int64_t>(value));
  append(to_, 0xcb, std::bit_cast<std::uint64_t>(value));
}

void MsgpackWriter::string(std::string_view utf8) {
  if (utf8.size() < 0x20) {
    append(to_, 0xa0 | utf8.size());
  } else {
    append_short_size(to_, 0xd9, utf8.size());
  }
  to_ += utf8;
}

void MsgpackWriter::octets(std::string_view octets) {
  append_short_size(to_, 0xc4, octets.size());
  to_ += octets;
}

void MsgpackWriter::array(std::size_t size) {
  if (size < 0x10) return append(to_, 0x90 | size);
  append_size(to_, 0xdc, size);
}

void MsgpackWriter::map(std::size_t size) {
  if (size < 0x10) return append(to_, 0x80 | size);
  append_size(to_, 0xde, size);
}

void MsgpackWriter::value(const json::value& value, std::span<const Bytes> attachments) {
  Walk(*this, attachments).write(value);
}

void MsgpackWriter::value(const json::array& array, std::span<const Bytes> attachments) {
  Walk(*this, attachments).write(array);
}

}  // namespace atrium::socketio
