#include "chat/accounts/public_keys.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

#include "base/base64.h"

namespace atrium::chat {

namespace {

namespace json = boost::json;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

constexpr int kMinRsaBits = 2048;  // RFC 7518 3.3

/// What the key serves for; none when we have no use for it.
std::optional<std::string> algorithm_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA")) return EVP_PKEY_get_bits(key) >= kMinRsaBits ? std::optional("RS256") : std::nullopt;
  char group[64] = {};
  if (!EVP_PKEY_is_a(key, "EC") || EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) != 1) return std::nullopt;
  return std::string_view(group) == "prime256v1" ? std::optional("ES256") : std::nullopt;
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PUBKEY(bio.get(), key) != 1) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

void add(std::vector<PublicKey>& keys, const Key& key, std::string id) {
  if (!key) return;
  if (auto algorithm = algorithm_of(key.get())) keys.push_back({std::move(*algorithm), std::move(id), pem_of(key.get())});
}

// --- PEM ---

Key key_of(const std::string& name, const unsigned char* der, long size) {
  if (name == "PUBLIC KEY") return Key(d2i_PUBKEY(nullptr, &der, size));
  if (name == "RSA PUBLIC KEY") return Key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &der, size));
  if (name != "CERTIFICATE") return nullptr;
  const std::unique_ptr<X509, Freed<X509_free>> certificate(d2i_X509(nullptr, &der, size));
  return Key(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
}

/// Why the file cannot be used, if it cannot.
std::optional<std::string> read_pem(const std::string& text, std::vector<PublicKey>& keys) {
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  long size = 0;
  while (PEM_read_bio(bio.get(), &name, &header, &der, &size) == 1) {
    const std::string kind = name;
    add(keys, key_of(kind, der, size), {});
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(der);
    if (kind.ends_with("PRIVATE KEY")) return "holds a private key: give the public one, a server that checks needs no other";
  }
  return std::nullopt;
}

// --- JWKS ---

std::optional<std::string> octets_of(const json::object& jwk, std::string_view name) {
  const json::value* value = jwk.if_contains(name);
  if (!value || !value->is_string()) return std::nullopt;
  return base64url_decode(value->get_string());
}

std::string text_of(const json::object& jwk, std::string_view name) {
  const json::value* value = jwk.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Number number_of(const std::string& octets) {
  return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()), nullptr));
}

/// The public key of `kind` that the builder describes.
Key build(const char* kind, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder));
  const std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>> context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) return nullptr;
  return Key(key);
}

Key rsa_key(const json::object& jwk) {
  const auto modulus = octets_of(jwk, "n");
  const auto exponent = octets_of(jwk, "e");
  if (!modulus || !exponent) return nullptr;
  const Number n = number_of(*modulus);
  const Number e = number_of(*exponent);
  const std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return build("RSA", builder.get());
}

Key ec_key(const json::object& jwk) {
  const auto x = octets_of(jwk, "x");
  const auto y = octets_of(jwk, "y");
  if (text_of(jwk, "crv") != "P-256" || !x || !y || x->size() != 32 || y->size() != 32) return nullptr;
  const std::string point = "\x04" + *x + *y;  // SEC 1, 2.3.3: uncompressed
  const std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return build("EC", builder.get());
}

std::optional<std::string> read_jwks(const std::string& text, std::vector<PublicKey>& keys) {
  boost::system::error_code error;
  const json::value document = json::parse(text, error);
  const json::value* list = !error && document.is_object() ? document.get_object().if_contains("keys") : nullptr;
  if (!list || !list->is_array()) return "is no JWKS: it must be a JSON object with the list \"keys\"";
  for (const json::value& item : list->get_array()) {
    if (!item.is_object()) continue;
    const json::object& jwk = item.get_object();
    if (const std::string use = text_of(jwk, "use"); !use.empty() && use != "sig") continue;
    const std::string kind = text_of(jwk, "kty");
    const Key key = kind == "RSA" ? rsa_key(jwk) : kind == "EC" ? ec_key(jwk) : nullptr;
    const std::string algorithm = text_of(jwk, "alg");
    const auto serves = key ? algorithm_of(key.get()) : std::nullopt;
    if (serves && (algorithm.empty() || algorithm == *serves)) add(keys, key, text_of(jwk, "kid"));
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<PublicKey>, std::string> load_public_keys(const std::vector<std::string>& files) {
  std::vector<PublicKey> keys;
  for (const std::string& file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return "--jwt-public-keys: " + file + " cannot be read";
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::size_t before = keys.size();
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool is_jwks = first != text.npos && text[first] == '{';
    if (const auto wrong = is_jwks ? read_jwks(text, keys) : read_pem(text, keys)) {
      return "--jwt-public-keys: " + file + " " + *wrong;
    }
    if (keys.size() == before) {
      return "--jwt-public-keys: " + file + " has no key to check tokens with: RSA of at least 2048 bits, or P-256";
    }
  }
  return keys;
}

}  // namespace atrium::chat
