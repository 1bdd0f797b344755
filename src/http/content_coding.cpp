#include "http/content_coding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <vector>

namespace atrium::http {

namespace {

/// One element of an Accept-Encoding header.
struct Preference {
  std::string_view coding;
  double quality;
};

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Up to `mark`, which is taken off too.
std::string_view take(std::string_view& rest, char mark) {
  const std::size_t end = rest.find(mark);
  const std::string_view taken = trim(rest.substr(0, end));
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return taken;
}

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// A weight that is no number is none.
double quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = take(parameters, ';');
    if (!equal_without_case(take(value, '='), "q")) continue;
    value = trim(value);
    double quality = 0;
    std::from_chars(value.data(), value.data() + value.size(), quality);
    return quality;
  }
  return 1;
}

std::vector<Preference> preferences(const Headers& headers) {
  std::vector<Preference> all;
  for (const auto& [name, value] : headers) {
    if (name != "accept-encoding") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view parameters = take(rest, ',');
      const std::string_view coding = take(parameters, ';');
      if (!coding.empty()) all.push_back({coding, quality_of(parameters)});
    }
  }
  return all;
}

}  // namespace

std::string_view to_string(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::gzip:
      return "gzip";
    case ContentCoding::deflate:
      return "deflate";
    case ContentCoding::identity:
      break;
  }
  return "identity";
}

ContentCoding choose_coding(const Headers& request_headers) {
  const auto all = preferences(request_headers);
  ContentCoding best = ContentCoding::identity;
  std::tuple<double, bool, std::ptrdiff_t> best_rank{0, false, 0};  // quality, named, the earlier the higher
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::deflate}) {
    const auto named =
        std::ranges::find_if(all, [&](const auto& p) { return equal_without_case(p.coding, to_string(coding)); });
    const auto meant = named != all.end() ? named : std::ranges::find(all, "*", &Preference::coding);
    if (meant == all.end() || !(meant->quality > 0)) continue;
    const std::tuple rank{meant->quality, named != all.end(), all.begin() - meant};
    if (best != ContentCoding::identity && rank <= best_rank) continue;
    best = coding;
    best_rank = rank;
  }
  return best;
}

std::string encode_content(std::string body, ContentCoding coding, const DeflateEffort& effort) {
  if (coding == ContentCoding::identity) return body;
  return deflate(body, coding == ContentCoding::gzip ? DeflateFormat::gzip : DeflateFormat::zlib, effort);
}

}  // namespace atrium::http
