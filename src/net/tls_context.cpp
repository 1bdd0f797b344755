#include "net/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "base/log.h"
#include "net/tls_stream.h"

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
  return words ? words : "it is of another kind";
}

Problem check_readable(std::string_view what, const std::string& path) {
  if (path.empty()) return fmt::format("TLS needs {}; give the path of a PEM file.", what);
  if (File(BIO_new_file(path.c_str(), "r"))) return {};
  return fmt::format("Cannot read {} '{}': {}; give the path of a PEM file that this user may read.", what, path,
                     std::strerror(errno));
}

Problem use_certificate(SSL_CTX& context, const std::string& path) {
  if (auto problem = check_readable("the certificate", path)) return problem;
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(&context, path.c_str()) != 1) {
    return fmt::format("Cannot use the certificate '{}': {}; it must be a PEM file with the server's certificate first.", path,
                       reason());
  }
  const X509* const certificate = SSL_CTX_get0_certificate(&context);
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    log::warn("the certificate '{}' has expired; clients will refuse it", path);
  }
  return {};
}

/// Instead of a question at the terminal.
int note_encryption(char*, int, int, void* encrypted) {
  *static_cast<bool*>(encrypted) = true;
  return -1;
}

Problem use_key(SSL_CTX& context, const TlsOptions& options) {
  if (auto problem = check_readable("the private key", options.key)) return problem;
  const File file(BIO_new_file(options.key.c_str(), "r"));
  ERR_clear_error();
  bool encrypted = false;
  const Key key(file ? PEM_read_bio_PrivateKey(file.get(), nullptr, note_encryption, &encrypted) : nullptr);
  if (encrypted) {
    return fmt::format("The private key '{0}' is encrypted; decrypt it with: openssl pkey -in '{0}' -out key.pem", options.key);
  }
  if (!key) return fmt::format("Cannot use the private key '{}': {}; it must be a PEM file.", options.key, reason());
  if (X509_check_private_key(SSL_CTX_get0_certificate(&context), key.get()) != 1) {
    return fmt::format("The private key '{}' does not belong to the certificate '{}'; give the two that were made together.",
                       options.key, options.certificate);
  }
  if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1) {
    return fmt::format("Cannot use the private key '{}': {}.", options.key, reason());
  }
  return {};
}

Problem demand_client_certificates(SSL_CTX& context, const std::string& path) {
  if (auto problem = check_readable("the client CA", path)) return problem;
  ERR_clear_error();
  auto* const names = SSL_load_client_CA_file(path.c_str());
  if (!names || SSL_CTX_load_verify_locations(&context, path.c_str(), nullptr) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return fmt::format("Cannot use the client CA '{}': {}; it must be a PEM file of certificates.", path, reason());
  }
  SSL_CTX_set_client_CA_list(&context, names);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

int choose_http11(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered, unsigned offered_size,
                  void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, size, kHttp11, sizeof(kHttp11) - 1, offered, offered_size);
  if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

void set_rules(SSL_CTX& context) {
  SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
  // TLS 1.3's own are all good; of TLS 1.2 those with forward secrecy and authenticated encryption (RFC 9325 4.2).
  SSL_CTX_set_cipher_list(&context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  // An end without close_notify is an end: HTTP and WebSocket say themselves where a message is over.
  SSL_CTX_set_options(&context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(&context, 1);  // a record in one read instead of two: its head, then its body
  // Tickets keep a session with the client; a cache would keep it here, behind a lock that all shards share.
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(&context, 1);
  constexpr unsigned char kName[] = "atrium";
  SSL_CTX_set_session_id_context(&context, kName, sizeof(kName) - 1);
  SSL_CTX_set_alpn_select_cb(&context, choose_http11, nullptr);
}

Result<std::shared_ptr<SSL_CTX>, std::string> read(const TlsOptions& options) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  set_rules(*context);
  Problem problem = use_certificate(*context, options.certificate);
  if (!problem) problem = use_key(*context, options);
  if (!problem && !options.client_ca.empty()) problem = demand_client_certificates(*context, options.client_ca);
  ERR_clear_error();
  if (problem) return std::move(*problem);
  return context;
}

}  // namespace

TlsContext::TlsContext(TlsOptions options, Loaded loaded) : options_(std::move(options)), loaded_(std::move(loaded)) {}

Result<std::shared_ptr<TlsContext>, std::string> TlsContext::load(TlsOptions options) {
  auto loaded = read(options);
  if (!loaded) return loaded.error();
  return std::shared_ptr<TlsContext>(new TlsContext(std::move(options), std::move(*loaded)));
}

Result<void, std::string> TlsContext::reload() {
  auto loaded = read(options_);
  if (!loaded) return loaded.error();
  const std::lock_guard lock(mutex_);
  loaded_.swap(*loaded);
  return {};
}

std::unique_ptr<TlsStream> TlsContext::begin(int descriptor) const {
  const Loaded loaded = [this] {
    const std::lock_guard lock(mutex_);
    return loaded_;
  }();
  return std::make_unique<TlsStream>(*loaded, descriptor, options_.handshake_timeout);
}

}  // namespace atrium::net
