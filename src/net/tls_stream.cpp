#include "net/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>

#include "base/log.h"

namespace atrium::net {

/// How OpenSSL reads and writes the descriptor. Its own socket BIO would raise SIGPIPE.
struct TlsDescriptor final {
  static int read(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    const int count = again([&] { return ::recv(stream(bio).descriptor_, into, static_cast<std::size_t>(size), 0); });
    if (count < 0 && would_block()) BIO_set_retry_read(bio);
    if (count < 0 && errno == ECONNRESET) stream(bio).reset_ = true;
    if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return count;
  }

  static int write(BIO* bio, const char* octets, int size) {
    BIO_clear_retry_flags(bio);
    const auto octet_count = static_cast<std::size_t>(size);
    const int count = again([&] { return ::send(stream(bio).descriptor_, octets, octet_count, MSG_NOSIGNAL); });
    if (count < 0 && would_block()) BIO_set_retry_write(bio);
    if (count < 0 && (errno == EPIPE || errno == ECONNRESET)) stream(bio).reset_ = true;
    return count;
  }

  static long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;  // nothing is held back
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return 0;
  }

  static BIO* over(TlsStream& stream) {
    static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method(made(), BIO_meth_free);
    BIO* const bio = BIO_new(method.get());
    if (!bio) throw std::bad_alloc();
    BIO_set_data(bio, &stream);
    BIO_set_init(bio, 1);
    return bio;
  }

 private:
  static TlsStream& stream(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }
  static bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

  template <class Call>
  static int again(Call call) {
    for (;;) {
      const ssize_t count = call();
      if (count >= 0 || errno != EINTR) return static_cast<int>(count);
    }
  }

  static BIO_METHOD* made() {
    BIO_METHOD* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR, "descriptor");
    if (!method) throw std::bad_alloc();
    BIO_meth_set_read(method, read);
    BIO_meth_set_write(method, write);
    BIO_meth_set_ctrl(method, control);
    return method;
  }
};

TlsStream::TlsStream(SSL* ssl, int descriptor, Duration handshake_timeout)
    : ssl_(ssl), descriptor_(descriptor), handshake_timeout_(handshake_timeout) {
  BIO* const bio = TlsDescriptor::over(*this);
  SSL_set_bio(ssl_, bio, bio);
}

TlsStream::~TlsStream() { SSL_free(ssl_); }

Progress TlsStream::cause_of(int result) {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      return Progress::want_read;
    case SSL_ERROR_WANT_WRITE:
      return Progress::want_write;
    case SSL_ERROR_ZERO_RETURN:
      return Progress::ended;
    default:
      broken_ = true;
      return reset_ ? Progress::reset : Progress::failed;
  }
}

namespace {

/// Of a handshake.
std::string describe_failure(unsigned long error) {
  const char* const reason = ERR_reason_error_string(error);
  if (!reason) return "the other side ended the connection in the midst of the TLS handshake";
  switch (ERR_GET_REASON(error)) {
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      return describe_failure(0);
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
      return fmt::format("the other side does not speak TLS at this port ({})", reason);
    default:
      const bool alert = ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) > SSL_AD_REASON_OFFSET;
      return fmt::format("{} the TLS handshake: {}", alert ? "the other side broke off" : "cannot end", reason);
  }
}

}  // namespace

Progress TlsStream::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_);
  established_ = result == 1;
  if (established_) return Progress::done;
  const Progress progress = cause_of(result);
  if (progress == Progress::want_read || progress == Progress::want_write) return progress;
  if (complaint_.empty()) complaint_ = describe_failure(ERR_peek_error());
  log::debug("no TLS: {}", complaint_);
  return progress;
}

TlsStream::Received TlsStream::read(std::span<char> into) {
  std::size_t count = 0;
  while (count < into.size()) {
    ERR_clear_error();
    std::size_t more = 0;
    const int result = SSL_read_ex(ssl_, into.data() + count, into.size() - count, &more);
    if (result != 1) return {count, cause_of(result)};
    count += more;
    // Whatever is still with the kernel makes the descriptor readable; to ask here would be one call more a message.
    if (!holds_octets()) return {count, Progress::want_read};
  }
  return {count, Progress::done};
}

bool TlsStream::holds_octets() const {
  return SSL_has_pending(ssl_) == 1 || (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

Progress TlsStream::write(Outbox& outbox) {
  while (!outbox.empty()) {
    char together[kRecord];
    std::string_view record = outbox.front();
    if (record.size() < kRecord && record.size() < outbox.size()) record = {together, outbox.copy_front(together)};
    ERR_clear_error();
    std::size_t written = 0;
    // After want_write the same octets come again, and perhaps more behind them, as SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER asks.
    const int result = SSL_write_ex(ssl_, record.data(), std::min(record.size(), kRecord), &written);
    if (result != 1) return cause_of(result);
    outbox.consume(written);
  }
  return Progress::done;
}

void TlsStream::say_goodbye() {
  if (broken_ || !established_) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
}

}  // namespace atrium::net
