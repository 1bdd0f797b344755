#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/support/temporary_directory.h"

namespace atrium::test {

/// A certificate and its key, made anew, as two PEM files in a directory of the test. Signed by `issuer`, else by itself; for
/// `hosts`, as in "DNS:localhost,IP:127.0.0.1".
class Certificate final {
 public:
  enum class Validity { now, past };

  Certificate(const TemporaryDirectory& directory, const std::string& name, const Certificate* issuer = nullptr,
              Validity validity = Validity::now, const std::string& hosts = "")
      : file(directory.file(name + ".pem")), key_file(directory.file(name + ".key")), key_(EVP_EC_gen("P-256")) {
    static int serial = 0;
    X509_set_version(x509_.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509_.get()), ++serial);
    const long day = 24 * 3600;
    X509_gmtime_adj(X509_getm_notBefore(x509_.get()), -2 * day);
    X509_gmtime_adj(X509_getm_notAfter(x509_.get()), validity == Validity::now ? day : -day);
    X509_NAME* const subject = X509_get_subject_name(x509_.get());
    const auto* const words = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, words, -1, -1, 0);
    X509_set_issuer_name(x509_.get(), issuer ? X509_get_subject_name(issuer->x509_.get()) : subject);
    X509_set_pubkey(x509_.get(), key_.get());
    add_extension(NID_basic_constraints, issuer ? "CA:FALSE" : "CA:TRUE");
    if (!hosts.empty()) add_extension(NID_subject_alt_name, hosts.c_str());
    if (X509_sign(x509_.get(), issuer ? issuer->key_.get() : key_.get(), EVP_sha256()) == 0) {
      throw std::runtime_error("the test's certificate cannot be signed");
    }
    write();
  }

  /// (Again.)
  void write() const {
    to_file(file, [this](std::FILE* out) { PEM_write_X509(out, x509_.get()); });
    to_file(key_file, [this](std::FILE* out) { PEM_write_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  }
  void write_encrypted_key(const std::string& path) const {
    std::string password = "secret";
    to_file(path, [&](std::FILE* out) {
      PEM_write_PrivateKey(out, key_.get(), EVP_aes_128_cbc(), nullptr, 0, nullptr, password.data());
    });
  }

  const std::string file;
  const std::string key_file;

 private:
  template <auto kFree>
  struct Free {
    template <class T>
    void operator()(T* object) const {
      kFree(object);
    }
  };

  void add_extension(int id, const char* value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
    X509_add_ext(x509_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }

  template <class Write>
  static void to_file(const std::string& path, Write write) {
    std::FILE* const out = std::fopen(path.c_str(), "w");
    if (!out) throw std::runtime_error("cannot write " + path);
    write(out);
    std::fclose(out);
  }

  std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key_;
  std::unique_ptr<X509, Free<X509_free>> x509_{X509_new()};
};

}  // namespace atrium::test
