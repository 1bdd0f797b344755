#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace atrium::chat {

/// With which the tokens of another issuer are checked. Immutable.
struct PublicKey {
  std::string algorithm;  ///< "RS256", "ES256"
  std::string id;         ///< `kid` of a JWKS; empty: the file has none
  std::string pem;        ///< SubjectPublicKeyInfo
};

/// The keys of files that are each a PEM file (public keys, or certificates) or a JWKS (RFC 7517). Keys of a JWKS that serve
/// something else, and kinds other than RSA and P-256, are left out. The error is one sentence that names the file.
Result<std::vector<PublicKey>, std::string> load_public_keys(const std::vector<std::string>& files);

}  // namespace atrium::chat
