#include "websocket/extensions.h"

#include <algorithm>

namespace atrium::websocket {

namespace {

/// RFC 9110, section 5.6.2.
bool is_token_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// Takes tokens and marks off the front of a header.
class Reader final {
 public:
  explicit Reader(std::string_view header) : rest_(header) { skip_blanks(); }

  bool at_end() const { return rest_.empty(); }

  bool take(char mark) {
    if (!rest_.starts_with(mark)) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

  /// Empty when there is none.
  std::string token() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_token_character);
    std::string token(rest_.begin(), end);
    rest_.remove_prefix(token.size());
    skip_blanks();
    return token;
  }

  /// The token that a quoted string holds; empty when it holds none. Its opening quote has been taken.
  std::string quoted_token() {
    std::string token;
    for (; !rest_.empty() && rest_.front() != '"'; rest_.remove_prefix(1)) {
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty() || !is_token_character(rest_.front())) return {};
      token.push_back(rest_.front());
    }
    return take('"') ? token : std::string();
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }

  std::string_view rest_;
};

std::optional<ExtensionOffer> read_offer(Reader& reader) {
  ExtensionOffer offer{.name = reader.token(), .parameters = {}};
  if (offer.name.empty()) return std::nullopt;
  while (reader.take(';')) {
    ExtensionOffer::Parameter parameter{.name = reader.token(), .value = {}};
    if (parameter.name.empty()) return std::nullopt;
    if (reader.take('=')) {
      parameter.value = reader.take('"') ? reader.quoted_token() : reader.token();
      if (parameter.value->empty()) return std::nullopt;
    }
    offer.parameters.push_back(std::move(parameter));
  }
  return offer;
}

/// 8 to 15, without zeros before it (RFC 7692, section 7.1.2).
bool is_window_size(std::string_view value) {
  if (value.size() == 1) return value[0] == '8' || value[0] == '9';
  return value.size() == 2 && value[0] == '1' && value[1] >= '0' && value[1] <= '5';
}

std::optional<std::string> accept(const ExtensionOffer& offer) {
  constexpr std::string_view kServerWindow = "server_max_window_bits";
  constexpr std::string_view kLargestWindow = "15";
  std::string answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  const auto& parameters = offer.parameters;
  for (auto parameter = parameters.begin(); parameter != parameters.end(); ++parameter) {
    const auto& [name, value] = *parameter;
    const auto is_same = [&](const auto& other) { return other.name == name; };
    if (std::any_of(parameters.begin(), parameter, is_same)) return std::nullopt;
    if (name == kServerWindow) {
      if (value != kLargestWindow) return std::nullopt;
      answer.append("; ").append(kServerWindow).append("=").append(kLargestWindow);
    } else if (name == "client_max_window_bits") {
      if (value && !is_window_size(*value)) return std::nullopt;
    } else if (name == "server_no_context_takeover" || name == "client_no_context_takeover") {
      if (value) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return answer;
}

}  // namespace

std::optional<std::vector<ExtensionOffer>> parse_extensions(std::string_view header) {
  std::vector<ExtensionOffer> offers;
  Reader reader(header);
  while (!reader.at_end()) {
    while (reader.take(',')) {
    }  // empty elements of a list count for nothing (RFC 9110, section 5.6.1)
    if (reader.at_end()) break;
    auto offer = read_offer(reader);
    if (!offer) return std::nullopt;
    offers.push_back(std::move(*offer));
    if (!reader.at_end() && !reader.take(',')) return std::nullopt;
  }
  return offers;
}

std::optional<std::string> accept_deflate(std::span<const ExtensionOffer> offers) {
  for (const ExtensionOffer& offer : offers) {
    if (offer.name != "permessage-deflate") continue;
    if (auto answer = accept(offer)) return answer;
  }
  return std::nullopt;
}

}  // namespace atrium::websocket
