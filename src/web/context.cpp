#include "web/context.h"

#include <stdexcept>

namespace atrium::web {

Context::Context(std::shared_ptr<http::Exchange> exchange, Params params, std::string request_id, http::Headers common_headers,
                 bool is_stream)
    : exchange_(std::move(exchange)),
      params_(std::move(params)),
      request_id_(std::move(request_id)),
      common_headers_(std::move(common_headers)),
      is_stream_(is_stream) {}

const std::string& Context::param(std::string_view name) const {
  for (const auto& [key, value] : params_) {
    if (key == name) return value;
  }
  throw std::logic_error("the pattern of this route has no :" + std::string(name));
}

}  // namespace atrium::web
