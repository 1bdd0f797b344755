#include "admin/bcrypt.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>

namespace atrium::admin {

bool is_bcrypt_hash(std::string_view hash) {
  constexpr std::size_t kSize = 60;
  constexpr std::string_view kAlphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  if (hash.size() != kSize || !hash.starts_with("$2") || hash[3] != '$' || hash[6] != '$') return false;
  if (std::string_view("aby").find(hash[2]) == hash.npos) return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!is_digit(hash[4]) || !is_digit(hash[5])) return false;
  const int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
  return cost >= 4 && cost <= 31 && hash.find_first_not_of(kAlphabet, 7) == hash.npos;
}

bool matches_bcrypt(const std::string& password, const std::string& hash) {
  // To C, a password would end here.
  if (password.find('\0') != password.npos) return false;
  const auto scratch = std::make_unique<crypt_data>();  // 32 KiB, too much for a stack
  const char* computed = crypt_r(password.c_str(), hash.c_str(), scratch.get());
  if (!computed || std::string_view(computed).size() != hash.size()) return false;
  return CRYPTO_memcmp(computed, hash.data(), hash.size()) == 0;
}

}  // namespace atrium::admin
