#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace atrium {

namespace {

std::string digest(std::string_view octets, const EVP_MD* algorithm) {
  unsigned char result[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(octets.data(), octets.size(), result, &size, algorithm, nullptr) != 1) {
    throw std::runtime_error("OpenSSL refuses to compute a digest; is a provider missing from its configuration?");
  }
  return {reinterpret_cast<const char*>(result), size};
}

}  // namespace

std::string sha1(std::string_view octets) { return digest(octets, EVP_sha1()); }
std::string sha256(std::string_view octets) { return digest(octets, EVP_sha256()); }

std::string hmac_sha256(std::string_view key, std::string_view octets) {
  unsigned char result[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const auto* input = reinterpret_cast<const unsigned char*>(octets.data());
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), input, octets.size(), result, &size)) {
    throw std::runtime_error("OpenSSL refuses to compute a digest; is a provider missing from its configuration?");
  }
  return {reinterpret_cast<const char*>(result), size};
}

}  // namespace atrium
