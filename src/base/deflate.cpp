#include "base/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>

namespace atrium {

namespace {

/// zlib's number for a window of 32 KiB in that format.
int window_bits(DeflateFormat format) {
  switch (format) {
    case DeflateFormat::flushed:
      return -15;
    case DeflateFormat::zlib:
      return 15;
    case DeflateFormat::gzip:
      break;
  }
  return 15 + 16;
}

/// zlib's state for one format and effort.
class Deflater final {
 public:
  Deflater(DeflateFormat format, const DeflateEffort& effort) : format_(format), effort_(effort) {
    const int result =
        deflateInit2(&stream_, effort.level, Z_DEFLATED, window_bits(format), effort.memory_level, Z_DEFAULT_STRATEGY);
    assert(result != Z_STREAM_ERROR);  // what check() is for
    if (result != Z_OK) throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  bool tries_as(const DeflateEffort& effort) const {
    return effort_.level == effort.level && effort_.memory_level == effort.memory_level;
  }

  std::string compress(std::string_view octets) {
    deflateReset(&stream_);
    std::string out;
    do {
      const std::string_view part = octets.substr(0, std::numeric_limits<uInt>::max());
      octets.remove_prefix(part.size());
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));  // zlib only reads there
      stream_.avail_in = static_cast<uInt>(part.size());
      write(octets.empty() ? (format_ == DeflateFormat::flushed ? Z_SYNC_FLUSH : Z_FINISH) : Z_NO_FLUSH, out);
    } while (!octets.empty());
    return out;
  }

 private:
  void write(int flush, std::string& out) {
    do {
      stream_.next_out = piece_.data();
      stream_.avail_out = static_cast<uInt>(piece_.size());
      ::deflate(&stream_, flush);
      out.append(reinterpret_cast<const char*>(piece_.data()), piece_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  const DeflateFormat format_;
  const DeflateEffort effort_;
  z_stream stream_{};
  std::array<Bytef, 16 * 1024> piece_;  ///< so that what comes out is as long as its memory
};

}  // namespace

void check(const DeflateEffort& effort, std::string_view option) {
  const auto within = [option](std::string_view field, int value, int least, int most) {
    if (value >= least && value <= most) return;
    throw std::invalid_argument(std::string(option).append(".").append(field) + " is " + std::to_string(value) +
                                "; set it to a number from " + std::to_string(least) + " to " + std::to_string(most));
  };
  within("level", effort.level, 0, 9);
  within("memory_level", effort.memory_level, 1, 9);
}

std::string deflate(std::string_view octets, DeflateFormat format, const DeflateEffort& effort) {
  thread_local std::array<std::unique_ptr<Deflater>, 3> by_format;
  auto& deflater = by_format[static_cast<std::size_t>(format)];
  if (!deflater || !deflater->tries_as(effort)) deflater = std::make_unique<Deflater>(format, effort);
  return deflater->compress(octets);
}

}  // namespace atrium
