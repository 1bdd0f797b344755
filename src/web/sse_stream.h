#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/unique_function.h"
#include "http/exchange.h"

namespace atrium::web {

/// Server-sent events to one reader (WHATWG HTML, 9.2): an answer that goes on until either side ends it. For gauges, whose
/// newest value is the one that counts: a reader that is behind misses events, it does not get them late. Owned by who
/// sends; stays on the shard of its exchange; ends with its destruction.
class SseStream final {
 public:
  static constexpr std::size_t kBehind = 64 * 1024;    ///< more octets than this untaken: events are left out
  static constexpr std::size_t kTooSlow = 256 * 1024;  ///< untaken and left out since, together: the stream ends

  /// Writes the head, with `more_headers`, and "retry: 3000".
  explicit SseStream(std::shared_ptr<http::Exchange> exchange, http::Headers more_headers = {});
  ~SseStream();
  SseStream(const SseStream&) = delete;
  SseStream& operator=(const SseStream&) = delete;

  /// One event as it stands on the wire, to be made once for many readers.
  static std::string frame(std::string_view event, std::string_view data, std::string_view id = {});
  /// What frame() has made.
  bool send_frame(std::string_view frame) { return write(frame); }
  /// One event; an empty `event` is a "message", an empty `id` is left out. `data` may have many lines. False when the
  /// reader did not get it: it is behind or gone.
  bool send(std::string_view event, std::string_view data, std::string_view id = {});
  /// Readers ignore it; it keeps proxies from closing an idle stream.
  bool comment(std::string_view text);
  void close();

  bool open() const { return exchange_ != nullptr && !exchange_->over(); }
  /// `callback` runs once when the peer has gone or was too slow; not after close(), nor for a peer that had gone before
  /// the stream began, which open() tells. It may destroy the stream.
  void on_closed(UniqueFunction<void()> callback);

 private:
  bool write(std::string_view octets);

  std::shared_ptr<http::Exchange> exchange_;
  UniqueFunction<void()> on_closed_;
  std::size_t missed_ = 0;  ///< octets left out since the reader fell behind
};

}  // namespace atrium::web
