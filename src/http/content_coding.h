#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/deflate.h"
#include "http/request.h"

namespace atrium::http {

/// How answers are compressed on their way (RFC 9110, section 8.4.1).
struct CompressionOptions {
  std::size_t threshold = 1024;  ///< octets of a body from which on it is compressed
  DeflateEffort effort;
};

/// The codings that are spoken.
enum class ContentCoding { identity, gzip, deflate };

/// The word that stands in Content-Encoding.
std::string_view to_string(ContentCoding coding);

/// The coding that a client likes best, by the Accept-Encoding of its request (RFC 9110, section 12.5.3): the highest q, of
/// equal ones what is named rather than meant by "*", of those the first. As with Node, identity is what is left when neither
/// gzip nor deflate is acceptable, even where the client refuses it: an answer that it may not like is better than none.
ContentCoding choose_coding(const Headers& request_headers);

/// `body` in that coding. Any thread; what base/deflate.h says of memory and time holds here.
std::string encode_content(std::string body, ContentCoding coding, const DeflateEffort& effort);

}  // namespace atrium::http
