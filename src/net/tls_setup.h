#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ssl_ctx_st;

// What both sides of TLS have in common: the rules, and what they read from PEM files. Of each `use_...` the result is what
// went wrong, a sentence for the person who chose the file. Any thread.

namespace atrium::net {

enum class TlsSide { server, client };

/// TLS 1.2 and 1.3 with forward secrecy, no renegotiation, nothing cached, and the modes that TlsStream works in.
std::shared_ptr<ssl_ctx_st> make_tls_context(TlsSide side);

/// `side` is the one that shows the certificate.
std::optional<std::string> use_certificate(ssl_ctx_st& context, TlsSide side, const std::string& path);
/// The key of the certificate in use, which came from `certificate_path`.
std::optional<std::string> use_key(ssl_ctx_st& context, const std::string& path, const std::string& certificate_path);
/// The authorities that vouch for the peer; `what` they are called in the complaint.
std::optional<std::string> use_authorities(ssl_ctx_st& context, std::string_view what, const std::string& path);

}  // namespace atrium::net
