#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// MessagePack (github.com/msgpack/msgpack, spec.md) <-> JSON with octets beside it, as npm's notepack.io 2.2 (clients) and
// 3.0 (Redis) write and read it. Pure functions of any thread, with no I/O and no state.
//
//    nil, booleans, strings, arrays, maps    the same in JSON; strings must be UTF-8
//    fixint, int8..int64, uint8..uint64      int64, or uint64 where that is too small; never rounded
//    float32, float64                        double; null for infinities and NaN, of which JSON has none
//    bin, ext 0 (an ArrayBuffer)             an attachment, and the placeholder of placeholder.h in its place
//    fixext8 0, ext -1 in 4, 8 or 12 octets  a date: what JSON.stringify() makes of one, "2026-01-31T08:15:30.123Z";
//                                            null outside of the years 0 to 9999
//    fixext1 0                               undefined: null, but as the value of a key it is left out with its key
//    a map's keys                            strings, or integers, which become decimal strings
//
// so that a handler sees the same whichever wire its client speaks.

namespace atrium::socketio {

namespace json = boost::json;

/// What a peer can do wrong in MessagePack.
enum class MsgpackError : std::uint8_t {
  cut_off,          ///< fewer octets than it announces
  trailing_octets,  ///< more octets than one value
  bad_format,       ///< 0xc1, which stands for nothing
  bad_utf8,
  bad_key,        ///< neither a string nor an integer
  bad_extension,  ///< of a type or size that is none of those above
  too_deep,
  too_many_attachments,
};

std::string_view to_string(MsgpackError error);

/// What decoding accepts; more is an error.
struct MsgpackLimits {
  std::size_t max_depth = 32;  ///< arrays and maps around one another; as Boost.JSON's parser has it
  std::size_t max_attachments = 10;
};

/// A value, with `{"_placeholder":true,"num":i}` in it where attachments[i] belongs.
struct MsgpackValue {
  json::value value;
  std::vector<Bytes> attachments;
};

/// The one value that `octets` are. A size that they announce is believed only as far as there are octets behind it, so what
/// is allocated is bounded by what was sent. Of a key that comes twice, the last value holds. What a map of the peer says to
/// be a placeholder is passed on as it came, whether or not there is such an attachment.
Result<MsgpackValue, MsgpackError> msgpack_decode(std::string_view octets, MsgpackLimits limits = {});

/// `value` alone, as MsgpackWriter::value() has it.
std::string msgpack_encode(const json::value& value, std::span<const Bytes> attachments = {});

}  // namespace atrium::socketio
