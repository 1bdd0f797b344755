#include "websocket/deflate.h"

#include <zlib.h>

#include <array>
#include <limits>
#include <new>

namespace atrium::websocket {

namespace {

/// The end of every flush, which is not sent (RFC 7692, section 7.2.1).
constexpr std::string_view kFlushEnd("\x00\x00\xff\xff", 4);

class Inflater final {
 public:
  Inflater() {
    if (inflateInit2(&stream_, -15) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Result<std::string, InflateError> read(std::string_view payload, std::size_t max_size) {
    inflateReset(&stream_);
    stream_.avail_in = 0;  // of a message that was given up
    std::string message;
    if (payload.empty()) return message;  // what some compressors make of an empty message
    auto end = read_part(payload, max_size, message);
    // It may be whole by itself: a compressor that knows no flush ends it with a final block (RFC 7692, section 7.2.3.4).
    if (end.has_value() && *end == End::within_block) {
      const std::size_t size = message.size();
      end = read_part(kFlushEnd, max_size, message);
      if (end.has_value() && message.size() != size) return InflateError::broken;  // it stood for octets that are missing
    }
    if (!end.has_value()) return end.error();
    if (*end == End::within_block) return InflateError::broken;
    return message;
  }

 private:
  enum class End { within_block, after_block };

  Result<End, InflateError> read_part(std::string_view part, std::size_t max_size, std::string& message) {
    while (true) {
      if (stream_.avail_in == 0) offer(part);
      stream_.next_out = piece_.data();
      stream_.avail_out = static_cast<uInt>(piece_.size());
      const int result = ::inflate(&stream_, Z_BLOCK);
      const std::size_t size = piece_.size() - stream_.avail_out;
      if (size > max_size - message.size()) return InflateError::too_long;
      message.append(reinterpret_cast<const char*>(piece_.data()), size);

      const bool all_read = stream_.avail_in == 0 && part.empty();
      if (result == Z_STREAM_END) {
        if (all_read) return End::after_block;
        inflateReset(&stream_);
        continue;
      }
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result != Z_OK && result != Z_BUF_ERROR) return InflateError::broken;
      if (all_read && (stream_.data_type & kAtEndOfBlock) != 0) return End::after_block;
      if (all_read && stream_.avail_out > 0) return End::within_block;
    }
  }

  /// Gives zlib as much of `part` as it can count.
  void offer(std::string_view& part) {
    const std::string_view next = part.substr(0, std::numeric_limits<uInt>::max());
    part.remove_prefix(next.size());
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(next.data()));  // zlib only reads there
    stream_.avail_in = static_cast<uInt>(next.size());
  }

  static constexpr int kAtEndOfBlock = 128;  // in data_type after Z_BLOCK

  z_stream stream_{};
  std::array<Bytef, 16 * 1024> piece_;  ///< bounds how far a message gets beyond its bound, and fits its memory to its length
};

}  // namespace

std::string deflate_message(std::string_view message, const DeflateEffort& effort) {
  std::string payload = deflate(message, DeflateFormat::flushed, effort);
  payload.resize(payload.size() - kFlushEnd.size());
  return payload;
}

Result<std::string, InflateError> inflate_message(std::string_view payload, std::size_t max_size) {
  thread_local Inflater inflater;
  return inflater.read(payload, max_size);
}

}  // namespace atrium::websocket
