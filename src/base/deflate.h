#pragma once

#include <string>
#include <string_view>

namespace atrium {

/// What stands around DEFLATE blocks (RFC 1951), and how they end.
enum class DeflateFormat {
  flushed,  ///< nothing around; ends at a whole octet with an empty block, whose last octets are 00 00 ff ff, and may go on
  zlib,     ///< RFC 1950: what HTTP calls "deflate"
  gzip,     ///< RFC 1952
};

/// How hard to try, in zlib's numbers.
struct DeflateEffort {
  int level = 6;         ///< 1 is fast, 9 is small, 0 does not compress at all
  int memory_level = 8;  ///< 1 to 9: 2^(memory_level + 9) octets, and 128 KiB for the window, once a thread
};

/// Throws std::invalid_argument, in words that say how to mend it. `option` is the name of what holds `effort`.
void check(const DeflateEffort& effort, std::string_view option);

/// `octets`, compressed with a window of 32 KiB, by themselves: nothing of what was compressed before is referred to.
/// Any thread. The compressor's memory belongs to the calling thread, is made when it first compresses something in that
/// format, and is used again. Takes about 13 ms a megabyte of text. Throws std::bad_alloc.
std::string deflate(std::string_view octets, DeflateFormat format, const DeflateEffort& effort);

}  // namespace atrium
