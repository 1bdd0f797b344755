#include "base/random_id.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <span>
#include <stdexcept>

#include "base/base64.h"

namespace atrium {

namespace {

constexpr std::size_t kIdOctets = 15;  // no padding in base64, and more than the 96 bits of the official server's ids
constexpr std::size_t kIdCharacters = 20;

void fill_random(std::span<char> octets) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(octets.size())) != 1) {
    throw std::runtime_error("OpenSSL has no random octets to give; is its random source blocked?");
  }
}

/// Random octets fetched in bulk, because a call of RAND_bytes costs more than the octets of one id.
struct Pool {
  std::array<char, 480> octets;
  std::size_t left = 0;

  void take(std::span<char> to) {
    if (to.size() > octets.size()) return fill_random(to);
    if (left < to.size()) {
      fill_random(octets);
      left = octets.size();
    }
    left -= to.size();
    std::memcpy(to.data(), octets.data() + left, to.size());
    // What has been given out is nobody else's to read.
    std::memset(octets.data() + left, 0, to.size());
  }
};

void take_random(std::span<char> to) {
  thread_local Pool pool;
  if (!to.empty()) pool.take(to);
}

/// The 6 bits of a base64url character; -1 for any other.
int base64url_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  if (c == '_') return 63;
  return -1;
}

void append_hex(std::string& to, std::uint64_t number, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) to.push_back("0123456789abcdef"[number >> shift & 15]);
}

std::uint64_t random_number() {
  std::uint64_t number;
  take_random({reinterpret_cast<char*>(&number), sizeof number});
  return number;
}

}  // namespace

std::string random_octets(std::size_t count) {
  std::string octets(count, '\0');
  take_random(octets);
  return octets;
}

std::string random_id(std::uint8_t first_octet) {
  std::array<char, kIdOctets> octets;
  octets[0] = static_cast<char>(first_octet);
  take_random(std::span(octets).subspan(1));
  return base64url_encode({octets.data(), octets.size()});
}

std::optional<std::uint8_t> first_octet_of(std::string_view id) {
  if (id.size() != kIdCharacters) return std::nullopt;
  const auto in_alphabet = [](char c) { return base64url_value(c) >= 0; };
  if (!std::all_of(id.begin(), id.end(), in_alphabet)) return std::nullopt;
  return static_cast<std::uint8_t>(base64url_value(id[0]) << 2 | base64url_value(id[1]) >> 4);
}

std::string object_id(WallTime now) {
  static const std::uint64_t process = random_number();
  static std::atomic<std::uint32_t> counter = static_cast<std::uint32_t>(random_number());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  std::string id;
  id.reserve(24);
  append_hex(id, static_cast<std::uint64_t>(seconds), 8);
  append_hex(id, process, 10);
  append_hex(id, counter.fetch_add(1, std::memory_order_relaxed), 6);
  return id;
}

}  // namespace atrium
