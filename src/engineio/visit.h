#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "engineio/engine_events.h"
#include "engineio/request_error.h"
#include "http/exchange.h"

namespace atrium::engineio {

/// One request to the engine, from the door to its answer: the exchange, and the headers that its answer is to carry besides
/// the answer's own. Lives as long as somebody holds it, on the shard of the exchange. When the peer has gone, every call is a
/// quiet no-op.
class Visit final {
 public:
  /// `events` outlive it.
  Visit(std::shared_ptr<http::Exchange> exchange, const EngineEvents& events);

  const http::Request& request() const { return exchange_->request(); }
  net::Shard& shard() const { return exchange_->shard(); }
  /// For the answer, whatever it will be; see engineio/answer_headers.h. A refused WebSocket is answered without them.
  http::Headers& headers() { return headers_; }
  void set_header(std::string_view name, std::string value);

  /// Answers, once. What the answer says of a header goes before headers().
  void respond(http::Response response);
  /// The same for an answer of the polling transport, after those who listen to its headers.
  void deliver(http::Response response);
  /// Tells the peer of `error`, in its own words or in `words`, and those who listen to connection errors.
  void refuse(RequestError error, boost::json::object context = {}, std::string_view words = {});

  /// The header lines of a 101, each with its end, after those who listen to headers.
  std::string upgrade_headers();
  /// Hands the connection to another protocol after writing `head`, the whole 101.
  void upgrade(std::string head, std::unique_ptr<net::Protocol> next);

  /// Takes the connection to `target` and goes on there with a new visit, which has the same request and headers().
  void move_to(net::Shard& target, UniqueFunction<void(std::shared_ptr<Visit>)> go_on);

  /// `callback` runs once when the peer has gone before the answer was complete.
  void on_abandoned(UniqueFunction<void()> callback) { exchange_->on_abandoned(std::move(callback)); }
  /// Answered, moved, or abandoned by the peer.
  bool over() const { return exchange_->over(); }

  /// The middleware at `stage`, counted from 0, lets it go on: true at the first call for each, in order.
  bool pass(std::size_t stage) {
    if (stage != stage_) return false;
    ++stage_;
    return true;
  }

 private:
  void tell_listeners(http::Headers& headers) const;

  const std::shared_ptr<http::Exchange> exchange_;
  const EngineEvents& events_;
  http::Headers headers_;
  std::size_t stage_ = 0;
};

}  // namespace atrium::engineio
