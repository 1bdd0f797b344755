#include "net/tls_setup.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "base/log.h"

namespace atrium::net {

namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using File = std::unique_ptr<BIO, Free<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Problem = std::optional<std::string>;

/// What OpenSSL complained of last, in its words.
std::string reason() {
  const char* const words = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return words ? words : "it is of another kind";
}

Problem check_readable(std::string_view what, const std::string& path) {
  if (path.empty()) return fmt::format("TLS needs {}; give the path of a PEM file.", what);
  if (File(BIO_new_file(path.c_str(), "r"))) return {};
  ERR_clear_error();
  return fmt::format("Cannot read {} '{}': {}; give the path of a PEM file that this user may read.", what, path,
                     std::strerror(errno));
}

/// Instead of a question at the terminal.
int note_encryption(char*, int, int, void* encrypted) {
  *static_cast<bool*>(encrypted) = true;
  return -1;
}

}  // namespace

std::shared_ptr<SSL_CTX> make_tls_context(TlsSide side) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(side == TlsSide::server ? TLS_server_method() : TLS_client_method()),
                                   SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // TLS 1.3's own are all good; of TLS 1.2 those with forward secrecy and authenticated encryption (RFC 9325 4.2).
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  // An end without close_notify is an end: HTTP, WebSocket and Redis say themselves where a message is over.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context.get(), 1);  // a record in one read instead of two: its head, then its body
  // A cache would be behind a lock that all shards share.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

Problem use_certificate(SSL_CTX& context, TlsSide side, const std::string& path) {
  const bool server = side == TlsSide::server;
  const std::string_view what = server ? "the certificate" : "the client certificate";
  if (auto problem = check_readable(what, path)) return problem;
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(&context, path.c_str()) != 1) {
    return fmt::format("Cannot use {} '{}': {}; it must be a PEM file with the {}'s certificate first.", what, path, reason(),
                       server ? "server" : "client");
  }
  const X509* const certificate = SSL_CTX_get0_certificate(&context);
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    log::warn("{} '{}' has expired; {}s will refuse it", what, path, server ? "client" : "server");
  }
  return {};
}

Problem use_key(SSL_CTX& context, const std::string& path, const std::string& certificate_path) {
  if (auto problem = check_readable("the private key", path)) return problem;
  const File file(BIO_new_file(path.c_str(), "r"));
  ERR_clear_error();
  bool encrypted = false;
  const Key key(file ? PEM_read_bio_PrivateKey(file.get(), nullptr, note_encryption, &encrypted) : nullptr);
  if (encrypted) {
    ERR_clear_error();
    return fmt::format("The private key '{0}' is encrypted; decrypt it with: openssl pkey -in '{0}' -out key.pem", path);
  }
  if (!key) return fmt::format("Cannot use the private key '{}': {}; it must be a PEM file.", path, reason());
  if (X509_check_private_key(SSL_CTX_get0_certificate(&context), key.get()) != 1) {
    ERR_clear_error();
    return fmt::format("The private key '{}' does not belong to the certificate '{}'; give the two that were made together.",
                       path, certificate_path);
  }
  if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1) {
    return fmt::format("Cannot use the private key '{}': {}.", path, reason());
  }
  return {};
}

Problem use_authorities(SSL_CTX& context, std::string_view what, const std::string& path) {
  if (auto problem = check_readable(what, path)) return problem;
  ERR_clear_error();
  if (SSL_CTX_load_verify_locations(&context, path.c_str(), nullptr) == 1) return {};
  return fmt::format("Cannot use {} '{}': {}; it must be a PEM file of certificates.", what, path, reason());
}

}  // namespace atrium::net
