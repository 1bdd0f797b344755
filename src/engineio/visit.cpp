#include "engineio/visit.h"

#include "engineio/answer_headers.h"

namespace atrium::engineio {

Visit::Visit(std::shared_ptr<http::Exchange> exchange, const EngineEvents& events)
    : exchange_(std::move(exchange)), events_(events) {}

void Visit::set_header(std::string_view name, std::string value) { engineio::set_header(headers_, name, std::move(value)); }

void Visit::respond(http::Response response) {
  merge_headers(response.headers, headers_);
  exchange_->respond(std::move(response));
}

void Visit::deliver(http::Response response) {
  merge_headers(response.headers, headers_);
  tell_listeners(response.headers);
  exchange_->respond(std::move(response));
}

void Visit::refuse(RequestError error, boost::json::object context, std::string_view words) {
  if (over()) return;
  if (events_.connection_error) events_.connection_error({request(), error, to_string(error), context});
  if (words.empty()) words = to_string(error);
  if (request().upgrade) {
    exchange_->respond_raw_and_close(raw_refusal(request(), words));
  } else {
    respond(refusal(error, words));
  }
}

std::string Visit::upgrade_headers() {
  tell_listeners(headers_);
  std::string lines;
  for (const auto& [name, value] : headers_) lines.append(name).append(": ").append(value).append("\r\n");
  return lines;
}

void Visit::upgrade(std::string head, std::unique_ptr<net::Protocol> next) {
  exchange_->upgrade(std::move(head), std::move(next));
}

void Visit::move_to(net::Shard& target, UniqueFunction<void(std::shared_ptr<Visit>)> go_on) {
  exchange_->move_to(target, [&events = events_, headers = std::move(headers_),
                              go_on = std::move(go_on)](std::shared_ptr<http::Exchange> moved) mutable {
    auto visit = std::make_shared<Visit>(std::move(moved), events);
    visit->headers_ = std::move(headers);
    go_on(std::move(visit));
  });
}

void Visit::tell_listeners(http::Headers& headers) const {
  if (events_.initial_headers && !request().query_value("sid")) events_.initial_headers(headers, request());
  if (events_.headers) events_.headers(headers, request());
}

}  // namespace atrium::engineio
