#include "net/tls_context.h"

#include <openssl/ssl.h>

#include <new>
#include <optional>

#include "net/tls_setup.h"
#include "net/tls_stream.h"

namespace atrium::net {

namespace {

std::optional<std::string> demand_client_certificates(SSL_CTX& context, const std::string& path) {
  if (auto problem = use_authorities(context, "the client CA", path)) return problem;
  SSL_CTX_set_client_CA_list(&context, SSL_load_client_CA_file(path.c_str()));
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
  SSL_CTX_set_options(&context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Tickets keep a session with the client.
  SSL_CTX_set_num_tickets(&context, 1);
  constexpr unsigned char kName[] = "atrium";
  SSL_CTX_set_session_id_context(&context, kName, sizeof(kName) - 1);
  SSL_CTX_set_alpn_select_cb(&context, choose_http11, nullptr);
}

Result<std::shared_ptr<SSL_CTX>, std::string> read(const TlsOptions& options) {
  auto context = make_tls_context(TlsSide::server);
  set_rules(*context);
  auto problem = use_certificate(*context, TlsSide::server, options.certificate);
  if (!problem) problem = use_key(*context, options.key, options.certificate);
  if (!problem && !options.client_ca.empty()) problem = demand_client_certificates(*context, options.client_ca);
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
  SSL* const ssl = SSL_new(loaded.get());
  if (!ssl) throw std::bad_alloc();
  SSL_set_accept_state(ssl);
  return std::make_unique<TlsStream>(ssl, descriptor, options_.handshake_timeout);
}

}  // namespace atrium::net
