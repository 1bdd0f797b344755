#pragma once

#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace atrium::test {

/// The other side's zlib, used here in its simplest way and none of ours: what keeps its state from call to call, as a
/// client that takes its context over would.
class ZlibDeflater final {
 public:
  explicit ZlibDeflater(int window_bits = -15, int level = 6, int memory_level = 8) {
    if (deflateInit2(&stream_, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("deflateInit2");
  }
  ~ZlibDeflater() { deflateEnd(&stream_); }
  ZlibDeflater(const ZlibDeflater&) = delete;
  ZlibDeflater& operator=(const ZlibDeflater&) = delete;

  std::string write(std::string_view octets, int flush) {
    std::string out(octets.size() + octets.size() / 4 + 1000, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
    stream_.avail_in = static_cast<uInt>(octets.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream_, flush);
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

  /// The payload of one message of permessage-deflate.
  std::string message(std::string_view octets) {
    std::string out = write(octets, Z_SYNC_FLUSH);
    out.resize(out.size() - 4);
    return out;
  }

 private:
  z_stream stream_{};
};

/// What zlib makes of `octets`; 15 + 32 window bits find out by themselves whether they are gzip or zlib.
inline std::string zlib_inflate(std::string_view octets, int window_bits) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) throw std::runtime_error("inflateInit2");
  std::string out(std::max<std::size_t>(octets.size() * 1100, 1000), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
  stream.avail_in = static_cast<uInt>(octets.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = ::inflate(&stream, Z_SYNC_FLUSH);
  out.resize(out.size() - stream.avail_out);
  inflateEnd(&stream);
  if (result != Z_OK && result != Z_STREAM_END) throw std::runtime_error("inflate");
  return out;
}

/// The message of a payload of permessage-deflate.
inline std::string zlib_inflate_message(std::string_view payload) {
  return zlib_inflate(std::string(payload).append("\x00\x00\xff\xff", 4), -15);
}

/// Text that repeats itself, as the messages of a chat do, and octets that do not, as those of a picture.
inline std::string repetitive_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i)
    text += R"({"id":)" + std::to_string(i * 7919) + R"(,"text":"hello there"},)";
  text.resize(size);
  return text;
}
inline std::string noise(std::size_t size) {
  std::string octets;
  for (std::uint64_t state = 88172645463325252; octets.size() < size; octets.push_back(static_cast<char>(state >> 24))) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
  }
  return octets;
}

}  // namespace atrium::test
