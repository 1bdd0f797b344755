#pragma once

#include "chat/operations/debug_gate.h"
#include "chat/operations/metrics.h"
#include "web/controller.h"

namespace atrium::chat {

/// The figures of the server, for Prometheus, where it shows the debug secret.
class MetricsRoutes final : public web::Controller<MetricsRoutes, DebugGate> {
 public:
  static constexpr auto routes() {
    return std::tuple{get<"/metrics", &MetricsRoutes::show>.with(
        {.summary = "The server's figures, for Prometheus", .content = "text/plain"})};
  }

  MetricsRoutes(const DebugGate& gate, const Metrics& metrics) : Controller(gate), metrics_(metrics) {}

 private:
  Task<http::Response> show(const Operator&) const { return metrics_.answer(); }

  const Metrics& metrics_;
};

/// The same for anybody: with --metrics.
class OpenMetricsRoutes final : public web::Controller<OpenMetricsRoutes> {
 public:
  static constexpr auto routes() {
    return std::tuple{get<"/metrics", &OpenMetricsRoutes::show>.with(
        {.summary = "The server's figures, for Prometheus", .content = "text/plain", .open = true})};
  }

  explicit OpenMetricsRoutes(const Metrics& metrics) : metrics_(metrics) {}

 private:
  Task<http::Response> show() const { return metrics_.answer(); }

  const Metrics& metrics_;
};

}  // namespace atrium::chat
