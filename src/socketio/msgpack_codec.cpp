#include "socketio/msgpack_codec.h"

#include <algorithm>
#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>
#include <utility>

#include "base/timestamp.h"
#include "base/utf8.h"
#include "socketio/msgpack_writer.h"
#include "socketio/placeholder.h"

namespace atrium::socketio {

namespace {

constexpr std::int8_t kJavaScript = 0;  // notepack's extension: undefined, Date (2.2 only) and ArrayBuffer, by the format
constexpr std::int8_t kTimestamp = -1;

constexpr std::size_t kReserve = 64;  // places that an announced size gets before its values are there

// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z, in milliseconds.
constexpr std::int64_t kFirstDate = -62'167'219'200'000;
constexpr std::int64_t kLastDate = 253'402'300'799'999;

json::value date(std::int64_t milliseconds) {
  if (milliseconds < kFirstDate || milliseconds > kLastDate) return nullptr;
  return json::value(to_iso8601(WallTime(std::chrono::milliseconds(milliseconds))));
}

json::value date(std::int64_t seconds, std::uint32_t nanoseconds) {
  if (seconds < kFirstDate / 1000 || seconds > kLastDate / 1000) return nullptr;
  return date(seconds * 1000 + nanoseconds / 1'000'000);
}

json::value json_number(double number) { return std::isfinite(number) ? json::value(number) : json::value(nullptr); }

json::value json_number(std::uint64_t number) {
  if (std::in_range<std::int64_t>(number)) return static_cast<std::int64_t>(number);
  return number;
}

/// The last `octets` octets of `number`, with their sign.
std::int64_t sign_extended(std::uint64_t number, std::size_t octets) {
  const auto unused = static_cast<int>(64 - 8 * octets);
  return static_cast<std::int64_t>(number << unused) >> unused;
}

// A function that returns false has left the reason in error_.
class Reader final {
 public:
  Reader(std::string_view octets, MsgpackLimits limits) : rest_(octets), limits_(limits) {}

  Result<MsgpackValue, MsgpackError> read() {
    MsgpackValue whole;
    if (!read_value(whole.value, 0)) return error_;
    if (!rest_.empty()) return MsgpackError::trailing_octets;
    whole.attachments = std::move(attachments_);
    return whole;
  }

 private:
  enum class ExtFormat { fixed, sized };

  bool fail(MsgpackError error) {
    error_ = error;
    return false;
  }

  bool take(std::size_t size, std::string_view& octets) {
    if (rest_.size() < size) return fail(MsgpackError::cut_off);
    octets = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  /// A number of `size` octets, the most significant first.
  bool take_number(std::size_t size, std::uint64_t& number) {
    std::string_view octets;
    if (!take(size, octets)) return false;
    number = 0;
    for (const char octet : octets) number = number << 8 | static_cast<std::uint8_t>(octet);
    return true;
  }

  bool read_value(json::value& into, std::size_t depth);
  bool read_unsigned(json::value& into, std::size_t size);
  bool read_signed(json::value& into, std::size_t size);
  bool read_float32(json::value& into);
  bool read_float64(json::value& into);
  bool take_string(std::size_t size, std::string_view& text);
  bool read_string(json::value& into, std::size_t size);
  bool read_octets(json::value& into, std::size_t size);
  bool read_array(json::value& into, std::size_t size, std::size_t depth);
  bool read_map(json::value& into, std::size_t size, std::size_t depth);
  bool read_key(std::string& digits, std::string_view& key);
  bool take_undefined();
  bool read_extension(json::value& into, std::size_t size, ExtFormat format);
  bool read_timestamp(json::value& into, std::size_t size);

  /// What follows a size of `octets` octets, as `read_it` reads it.
  template <class Read, class... Args>
  bool sized(std::size_t octets, Read read_it, json::value& into, Args... arguments) {
    std::uint64_t size = 0;
    return take_number(octets, size) && (this->*read_it)(into, static_cast<std::size_t>(size), arguments...);
  }

  std::string_view rest_;
  const MsgpackLimits limits_;
  std::vector<Bytes> attachments_;
  MsgpackError error_ = MsgpackError::cut_off;
};

bool Reader::read_value(json::value& into, std::size_t depth) {
  std::uint64_t format = 0;
  if (!take_number(1, format)) return false;
  if (format <= 0x7f || format >= 0xe0) {
    into = sign_extended(format, 1);
    return true;
  }
  if (format <= 0x8f) return read_map(into, format & 0x0f, depth);
  if (format <= 0x9f) return read_array(into, format & 0x0f, depth);
  if (format <= 0xbf) return read_string(into, format & 0x1f);
  switch (format) {
    case 0xc0:
      into = nullptr;
      return true;
    case 0xc2:
    case 0xc3:
      into = format == 0xc3;
      return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return sized(std::size_t{1} << (format - 0xc4), &Reader::read_octets, into);
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return sized(std::size_t{1} << (format - 0xc7), &Reader::read_extension, into, ExtFormat::sized);
    case 0xca:
      return read_float32(into);
    case 0xcb:
      return read_float64(into);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      return read_unsigned(into, std::size_t{1} << (format - 0xcc));
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
      return read_signed(into, std::size_t{1} << (format - 0xd0));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return read_extension(into, std::size_t{1} << (format - 0xd4), ExtFormat::fixed);
    case 0xd9:
    case 0xda:
    case 0xdb:
      return sized(std::size_t{1} << (format - 0xd9), &Reader::read_string, into);
    case 0xdc:
    case 0xdd:
      return sized(std::size_t{2} << (format - 0xdc), &Reader::read_array, into, depth);
    case 0xde:
    case 0xdf:
      return sized(std::size_t{2} << (format - 0xde), &Reader::read_map, into, depth);
    default:
      return fail(MsgpackError::bad_format);
  }
}

bool Reader::read_unsigned(json::value& into, std::size_t size) {
  std::uint64_t number = 0;
  if (!take_number(size, number)) return false;
  into = json_number(number);
  return true;
}

bool Reader::read_signed(json::value& into, std::size_t size) {
  std::uint64_t number = 0;
  if (!take_number(size, number)) return false;
  into = sign_extended(number, size);
  return true;
}

bool Reader::read_float32(json::value& into) {
  std::uint64_t bits = 0;
  if (!take_number(4, bits)) return false;
  into = json_number(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
  return true;
}

bool Reader::read_float64(json::value& into) {
  std::uint64_t bits = 0;
  if (!take_number(8, bits)) return false;
  into = json_number(std::bit_cast<double>(bits));
  return true;
}

bool Reader::take_string(std::size_t size, std::string_view& text) {
  if (!take(size, text)) return false;
  return is_valid_utf8(text) || fail(MsgpackError::bad_utf8);
}

bool Reader::read_string(json::value& into, std::size_t size) {
  std::string_view text;
  if (!take_string(size, text)) return false;
  into.emplace_string().assign(text.data(), text.size());
  return true;
}

bool Reader::read_octets(json::value& into, std::size_t size) {
  std::string_view octets;
  if (!take(size, octets)) return false;
  if (attachments_.size() == limits_.max_attachments) return fail(MsgpackError::too_many_attachments);
  into = placeholder(attachments_.size());
  attachments_.push_back(Bytes::copy_of(octets));
  return true;
}

bool Reader::read_array(json::value& into, std::size_t size, std::size_t depth) {
  if (depth == limits_.max_depth) return fail(MsgpackError::too_deep);
  if (size > rest_.size()) return fail(MsgpackError::cut_off);
  json::array& array = into.emplace_array();
  array.reserve(std::min(size, kReserve));
  for (std::size_t i = 0; i < size; ++i) {
    if (!read_value(array.emplace_back(nullptr), depth + 1)) return false;
  }
  return true;
}

bool Reader::read_map(json::value& into, std::size_t size, std::size_t depth) {
  if (depth == limits_.max_depth) return fail(MsgpackError::too_deep);
  if (size > rest_.size() / 2) return fail(MsgpackError::cut_off);
  json::object& object = into.emplace_object();
  object.reserve(std::min(size, kReserve));
  std::string digits;
  for (std::size_t i = 0; i < size; ++i) {
    std::string_view key;
    if (!read_key(digits, key)) return false;
    if (take_undefined()) {
      object.erase(key);
    } else if (!read_value(object[key], depth + 1)) {
      return false;
    }
  }
  return true;
}

/// `digits` is where a key is written that was none of the octets that came.
bool Reader::read_key(std::string& digits, std::string_view& key) {
  if (rest_.empty()) return fail(MsgpackError::cut_off);
  const auto format = static_cast<std::uint8_t>(rest_.front());
  std::uint64_t size = format & 0x1f;
  if (format >= 0xa0 && format <= 0xbf) {
    rest_.remove_prefix(1);
    return take_string(size, key);
  }
  if (format >= 0xd9 && format <= 0xdb) {
    rest_.remove_prefix(1);
    return take_number(std::size_t{1} << (format - 0xd9), size) && take_string(size, key);
  }
  if (format > 0x7f && format < 0xe0 && (format < 0xcc || format > 0xd3)) return fail(MsgpackError::bad_key);
  json::value number;
  if (!read_value(number, 0)) return false;
  digits = number.is_int64() ? std::to_string(number.get_int64()) : std::to_string(number.get_uint64());
  key = digits;
  return true;
}

bool Reader::take_undefined() {
  if (rest_.size() < 3 || !rest_.starts_with(std::string_view("\xd4\x00", 2))) return false;
  rest_.remove_prefix(3);
  return true;
}

bool Reader::read_extension(json::value& into, std::size_t size, ExtFormat format) {
  std::uint64_t octet = 0;
  if (!take_number(1, octet)) return false;
  const auto type = static_cast<std::int8_t>(octet);
  if (type == kTimestamp) return read_timestamp(into, size);
  if (type != kJavaScript) return fail(MsgpackError::bad_extension);
  if (format == ExtFormat::sized) return read_octets(into, size);
  std::uint64_t body = 0;
  if (size != 1 && size != 8) return fail(MsgpackError::bad_extension);
  if (!take_number(size, body)) return false;
  into = size == 1 ? json::value(nullptr) : date(static_cast<std::int64_t>(body));
  return true;
}

/// Of 32 bits: seconds. Of 64: nanoseconds in the upper 30, seconds below. Of 96: 32 of nanoseconds, then seconds with a sign.
bool Reader::read_timestamp(json::value& into, std::size_t size) {
  if (size != 4 && size != 8 && size != 12) return fail(MsgpackError::bad_extension);
  std::uint64_t nanoseconds = 0;
  std::uint64_t seconds = 0;
  if (size == 12 && !take_number(4, nanoseconds)) return false;
  if (!take_number(size == 12 ? 8 : size, seconds)) return false;
  if (size == 8) {
    nanoseconds = seconds >> 34;
    seconds &= (std::uint64_t{1} << 34) - 1;
  }
  if (nanoseconds >= 1'000'000'000) return fail(MsgpackError::bad_extension);
  into = date(static_cast<std::int64_t>(seconds), static_cast<std::uint32_t>(nanoseconds));
  return true;
}

}  // namespace

std::string_view to_string(MsgpackError error) {
  switch (error) {
    case MsgpackError::cut_off:
      return "MessagePack was cut off";
    case MsgpackError::trailing_octets:
      return "octets after the MessagePack value";
    case MsgpackError::bad_format:
      return "octet 0xc1 in MessagePack";
    case MsgpackError::bad_utf8:
      return "string that is not UTF-8";
    case MsgpackError::bad_key:
      return "key that is neither string nor integer";
    case MsgpackError::bad_extension:
      return "unknown MessagePack extension";
    case MsgpackError::too_deep:
      return "arrays and maps too deep";
    case MsgpackError::too_many_attachments:
      return "too many attachments";
  }
  return "bad MessagePack";
}

Result<MsgpackValue, MsgpackError> msgpack_decode(std::string_view octets, MsgpackLimits limits) {
  return Reader(octets, limits).read();
}

std::string msgpack_encode(const json::value& value, std::span<const Bytes> attachments) {
  std::string octets;
  MsgpackWriter(octets).value(value, attachments);
  return octets;
}

}  // namespace atrium::socketio
