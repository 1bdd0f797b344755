#include "net/tls_trust.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <new>
#include <optional>
#include <stdexcept>

#include "base/log.h"
#include "net/tls_setup.h"
#include "net/tls_stream.h"

namespace atrium::net {

namespace {

/// What OpenSSL prints.
template <class Print>
std::string printed(Print print) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  if (!out) throw std::bad_alloc();
  print(out.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string name(const X509_NAME* of) {
  return printed([of](BIO* out) { X509_NAME_print_ex(out, of, 0, XN_FLAG_RFC2253); });
}

std::string moment(const ASN1_TIME* time) {
  return printed([time](BIO* out) { ASN1_TIME_print_ex(out, time, ASN1_DTFLGS_ISO8601); });
}

/// The hosts that it is for; the first of them, when they are many.
std::string hosts(const X509& certificate) {
  constexpr int kShown = 8;
  auto* const names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr));
  if (!names) return name(X509_get_subject_name(&certificate));
  std::string all;
  for (int i = 0; i < sk_GENERAL_NAME_num(names) && i <= kShown; ++i) {
    if (i > 0) all += ", ";
    all += i == kShown ? "..." : printed([=](BIO* out) { GENERAL_NAME_print(out, sk_GENERAL_NAME_value(names, i)); });
  }
  GENERAL_NAMES_free(names);
  return all;
}

}  // namespace

TlsTrust::TlsTrust(TlsTrustOptions options) : options_(std::move(options)), context_(make_tls_context(TlsSide::client)) {
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context_.get(), verify, this);
}

Result<std::shared_ptr<const TlsTrust>, std::string> TlsTrust::load(TlsTrustOptions options) {
  const std::shared_ptr<const TlsTrust> trust(new TlsTrust(std::move(options)));
  const auto& [ca, certificate, key] = trust->options_;
  SSL_CTX& context = *trust->context_;
  std::optional<std::string> problem;
  if (ca.empty()) {
    SSL_CTX_set_default_verify_paths(&context);
  } else {
    problem = use_authorities(context, "the CA", ca);
    // What somebody names is trusted as it stands, be it an authority in the middle or the server's own certificate.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(&context), X509_V_FLAG_PARTIAL_CHAIN);
  }
  const bool known = !certificate.empty() || !key.empty();
  if (!problem && known) problem = use_certificate(context, TlsSide::client, certificate);
  if (!problem && known) problem = use_key(context, key, certificate);
  if (problem) return std::move(*problem);
  return trust;
}

std::unique_ptr<TlsStream> TlsTrust::begin(int descriptor, const std::string& host) const {
  SSL* const ssl = SSL_new(context_.get());
  if (!ssl) throw std::bad_alloc();
  auto stream = std::make_unique<TlsStream>(ssl, descriptor, Duration::zero());
  SSL_set_connect_state(ssl);
  SSL_set_app_data(ssl, stream.get());
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return stream;
  // Without a name, or with half of one, nothing would be checked.
  if (host.empty() || X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) != 1) {
    throw std::invalid_argument("TLS needs the name of a host");
  }
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  SSL_set_tlsext_host_name(ssl, host.c_str());
  return stream;
}

int TlsTrust::verify(X509_STORE_CTX* chain, void* trust) {
  const int result = X509_verify_cert(chain);
  if (result == 1) return result;
  const auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  static_cast<TlsStream*>(SSL_get_app_data(ssl))->complaint_ = static_cast<const TlsTrust*>(trust)->describe_problem(*chain);
  return result;
}

std::string TlsTrust::describe_problem(X509_STORE_CTX& chain) const {
  const X509* const shown = X509_STORE_CTX_get0_cert(&chain);
  if (!shown) return "the server shows no certificate";
  const int problem = X509_STORE_CTX_get_error(&chain);
  const X509* const current = X509_STORE_CTX_get_current_cert(&chain);
  const X509* const culprit = current ? current : shown;
  const std::string subject = name(X509_get_subject_name(culprit));
  switch (problem) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format("the server's certificate is for another host: {}; connect to it by a name or address that is there",
                         hosts(*shown));
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format("the certificate '{}' has expired at {}; it must be renewed", subject,
                         moment(X509_get0_notAfter(culprit)));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("the certificate '{}' is not valid before {}; is the clock right?", subject,
                         moment(X509_get0_notBefore(culprit)));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return fmt::format(
          "the server's certificate '{}', issued by '{}', is not trusted: {} vouches for it; name the PEM file of its "
          "authority "
          "as ca",
          name(X509_get_subject_name(shown)), name(X509_get_issuer_name(shown)),
          options_.ca.empty() ? "no authority that this system knows" : fmt::format("nobody in '{}'", options_.ca));
    default:
      return fmt::format("the certificate '{}' is refused: {}", subject, X509_verify_cert_error_string(problem));
  }
}

}  // namespace atrium::net
