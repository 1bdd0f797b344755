#pragma once

#include "chat/operations/debug_gate.h"
#include "chat/operations/metrics.h"
#include "web/controller.h"

namespace atrium::chat {

/// The figures of the server, for Prometheus.
class MetricsRoutes final : public web::Controller<MetricsRoutes, DebugGate> {
 public:
  static constexpr auto routes() {
    return std::tuple{get<"/metrics", &MetricsRoutes::show>.with({.summary = "The server's figures, for Prometheus"})};
  }

  MetricsRoutes(const DebugGate& gate, const Metrics& metrics) : Controller(gate), metrics_(metrics) {}

 private:
  Task<http::Response> show(const Operator&) const {
    auto text = co_await metrics_.collect();
    http::Response response{.status = 200, .headers = {}, .body = std::move(text)};
    response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    co_return response;
  }

  const Metrics& metrics_;
};

}  // namespace atrium::chat
