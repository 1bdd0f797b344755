#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/unique_function.h"
#include "http/request.h"
#include "http/response.h"
#include "net/protocol.h"
#include "net/shard.h"

namespace atrium::http {

class HttpConnection;

/// One request and its answer. Lives as long as somebody holds it; all calls on the shard of its connection. When the peer
/// has gone, every call is a quiet no-op.
class Exchange final {
 public:
  Exchange(HttpConnection& connection, Request request);
  ~Exchange();

  Request& request() { return request_; }
  const Request& request() const { return request_; }
  net::Shard& shard() const { return shard_; }

  /// The whole answer. Once.
  void respond(Response response);

  /// An answer that goes on: the head now, then chunks until end_stream(), until the peer goes, or until nobody holds this.
  void start_stream(Response head);
  void write_stream(std::string_view octets);
  void end_stream();
  /// Octets of the stream that the peer has not taken yet.
  std::size_t stream_pending() const;

  /// Hands the connection to another protocol after writing `head` (the 101 answer, raw).
  void upgrade(std::string head, std::unique_ptr<net::Protocol> next);
  /// Ends the connection after writing `octets`, which are no regular answer (a refused upgrade).
  void respond_raw_and_close(std::string octets);

  /// Takes the connection to `target` and goes on there with a new exchange of the same request. This one is over.
  void move_to(net::Shard& target, UniqueFunction<void(std::shared_ptr<Exchange>)> go_on);

  /// `callback` runs once when the peer has gone before the answer was complete.
  void on_abandoned(UniqueFunction<void()> callback) { on_abandoned_ = std::move(callback); }
  /// Answered, streaming to nobody, moved or abandoned: nothing more can be done with it.
  bool over() const { return connection_ == nullptr; }

 private:
  friend class HttpConnection;
  /// The connection has closed.
  void abandon();

  net::Shard& shard_;
  HttpConnection* connection_;
  Request request_;
  UniqueFunction<void()> on_abandoned_;
  bool streaming_ = false;
};

}  // namespace atrium::http
