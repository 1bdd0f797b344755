#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/tcp_client.h"

namespace atrium::test {

/// What a TLS client brings along.
struct TlsClientOptions {
  int least = TLS1_2_VERSION;
  int most = TLS1_3_VERSION;
  std::string alpn;         ///< as on the wire: "\x08http/1.1"
  std::string certificate;  ///< PEM file, with its key
  std::string key;
  SSL_SESSION* session = nullptr;  ///< to be resumed
};

/// The other end of TLS: OpenSSL over a blocking socket, which it adopts. Takes every certificate. Throws where the server, or
/// twenty seconds, do not let it go on.
class TlsClient final {
 public:
  explicit TlsClient(int descriptor, const TlsClientOptions& options = {})
      : descriptor_(descriptor), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), options.least);
    SSL_CTX_set_max_proto_version(context_.get(), options.most);
    if (!options.certificate.empty()) {
      SSL_CTX_use_certificate_file(context_.get(), options.certificate.c_str(), SSL_FILETYPE_PEM);
      SSL_CTX_use_PrivateKey_file(context_.get(), options.key.c_str(), SSL_FILETYPE_PEM);
    }
    ssl_ = {SSL_new(context_.get()), SSL_free};
    SSL_set_fd(ssl_.get(), descriptor_);
    SSL_set_msg_callback(ssl_.get(), count_records);
    SSL_set_msg_callback_arg(ssl_.get(), records_.get());
    if (!options.alpn.empty()) {
      const auto* const names = reinterpret_cast<const unsigned char*>(options.alpn.data());
      SSL_set_alpn_protos(ssl_.get(), names, static_cast<unsigned>(options.alpn.size()));
    }
    if (options.session) SSL_set_session(ssl_.get(), options.session);
    ERR_clear_error();
    if (SSL_connect(ssl_.get()) != 1) fail("handshake");
  }
  TlsClient(TlsClient&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        context_(std::move(other.context_)),
        records_(std::move(other.records_)),
        ssl_(std::move(other.ssl_)),
        received_(std::move(other.received_)) {}
  TlsClient& operator=(TlsClient&&) = delete;
  ~TlsClient() { drop(); }

  void send(std::string_view octets) {
    ERR_clear_error();
    std::size_t written = 0;
    if (SSL_write_ex(ssl_.get(), octets.data(), octets.size(), &written) != 1) fail("write");
  }

  /// What one record brings; none when the server has said goodbye.
  std::optional<std::string> read_record() {
    std::string octets(16 * 1024, '\0');
    ERR_clear_error();
    std::size_t count = 0;
    if (SSL_read_ex(ssl_.get(), octets.data(), octets.size(), &count) != 1) {
      if (SSL_get_error(ssl_.get(), 0) == SSL_ERROR_ZERO_RETURN) return std::nullopt;
      fail("read");
    }
    octets.resize(count);
    return octets;
  }

  std::string read_exactly(std::size_t count) {
    while (received_.size() < count) more();
    std::string octets = received_.substr(0, count);
    received_.erase(0, count);
    return octets;
  }
  std::string read_until(std::string_view mark) {
    while (received_.find(mark) == std::string::npos) more();
    return read_exactly(received_.find(mark) + mark.size());
  }
  /// All that still comes until the server says goodbye: close_notify, and not just the end of the connection.
  std::string read_to_goodbye() {
    std::string all = std::exchange(received_, {});
    while (const auto record = read_record()) all += *record;
    return all;
  }

  /// Status and body, which has a Content-Length.
  HttpAnswer ask(std::string_view method, std::string_view target, std::string_view body = {}) {
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: ");
    send(request.append(std::to_string(body.size())).append("\r\n\r\n").append(body));
    const std::string head = read_until("\r\n\r\n");
    HttpAnswer answer;
    answer.status = std::stoi(head.substr(head.find(' ') + 1));
    const std::size_t length = head.find("Content-Length: ");
    if (length != std::string::npos) answer.body = read_exactly(std::stoul(head.substr(length + 16)));
    return answer;
  }

  /// close_notify: this side sends no more.
  void say_goodbye() { SSL_shutdown(ssl_.get()); }
  /// Closes the connection without one.
  void drop() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  /// New keys for both directions (RFC 8446 4.6.3), with the next send().
  void change_keys() { SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED); }

  /// The common name that the server's certificate bears.
  std::string server_name() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl_.get()), X509_free);
    char name[256] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name, sizeof(name));
    return name;
  }
  std::string version() const { return SSL_get_version(ssl_.get()); }
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  /// As it is after the first octets that the server sent.
  std::shared_ptr<SSL_SESSION> session() const { return {SSL_get1_session(ssl_.get()), SSL_SESSION_free}; }
  std::string alpn() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  /// How many records of application data have come over TLS 1.3.
  int records() const { return *records_; }
  SSL* native() { return ssl_.get(); }

 private:
  static void count_records(int written, int, int kind, const void* octets, std::size_t, SSL*, void* count) {
    const bool data = kind == SSL3_RT_INNER_CONTENT_TYPE && *static_cast<const char*>(octets) == SSL3_RT_APPLICATION_DATA;
    if (written == 0 && data) ++*static_cast<int*>(count);
  }

  void more() {
    const auto record = read_record();
    if (!record) throw std::runtime_error("the server said goodbye after: " + received_);
    received_ += *record;
  }

  [[noreturn]] void fail(const std::string& what) {
    const char* const reason = ERR_reason_error_string(ERR_peek_error());
    drop();
    throw std::runtime_error(what + ": " + (reason ? reason : "the connection broke"));
  }

  int descriptor_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<int> records_ = std::make_unique<int>(0);
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  std::string received_;
};

}  // namespace atrium::test
