// The first octet says how large the pieces are in which the others arrive (0: all at once).

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "fuzz/check.h"
#include "http/request_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atrium;
  using fuzz::check;

  if (size < 2) return 0;
  const http::RequestLimits limits{.max_head = 512, .max_body = 256};
  http::RequestParser parser(limits);
  std::span input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece_size = data[0] == 0 ? input.size() : data[0];
  while (!input.empty() && parser.error() == http::ParseError::none) {
    const auto piece = input.first(std::min(piece_size, input.size()));
    input = input.subspan(piece.size());
    parser.feed(piece);
    while (const auto request = parser.next()) {
      check(!request->method.empty() && !request->target.empty(), "a request has a method and a target");
      check(request->body.size() <= limits.max_body, "no body is longer than allowed");
      for (const auto& [name, value] : request->headers) {
        check(std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }), "names are in lower case");
        check(value.find('\n') == value.npos, "a header is one line");
      }
    }
    parser.wants_continue();
  }
  return 0;
}
