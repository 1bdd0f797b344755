#include "web/sse_stream.h"

namespace atrium::web {

namespace {

/// `name: text`, once for each line of `text` (CR, LF or both end one).
void append_field(std::string& out, std::string_view name, std::string_view text) {
  for (;;) {
    const std::size_t end = text.find_first_of("\r\n");
    out.append(name).append(": ").append(text.substr(0, end)).append("\n");
    if (end == text.npos) return;
    text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
  }
}

/// What a field of a single line may hold of `text`.
std::string_view first_line(std::string_view text) { return text.substr(0, text.find_first_of("\r\n")); }

}  // namespace

SseStream::SseStream(std::shared_ptr<http::Exchange> exchange, http::Headers more_headers) : exchange_(std::move(exchange)) {
  http::Response head{.status = 200, .headers = std::move(more_headers), .body = {}};
  head.headers.emplace_back("Content-Type", "text/event-stream");
  head.headers.emplace_back("Cache-Control", "no-cache");
  head.headers.emplace_back("X-Accel-Buffering", "no");
  if (exchange_->request().method == "HEAD") {
    exchange_->respond(std::move(head));
    return;
  }
  exchange_->start_stream(std::move(head));
  exchange_->write_stream("retry: 3000\n\n");
  exchange_->on_abandoned([this] {
    exchange_.reset();
    if (auto callback = std::exchange(on_closed_, {})) callback();
  });
}

SseStream::~SseStream() { close(); }

std::string SseStream::frame(std::string_view event, std::string_view data, std::string_view id) {
  std::string octets;
  octets.reserve(event.size() + data.size() + id.size() + 32);
  if (!id.empty()) append_field(octets, "id", first_line(id));
  if (!event.empty()) append_field(octets, "event", first_line(event));
  append_field(octets, "data", data);
  octets.push_back('\n');
  return octets;
}

bool SseStream::send(std::string_view event, std::string_view data, std::string_view id) {
  return write(frame(event, data, id));
}

bool SseStream::comment(std::string_view text) {
  std::string octets;
  append_field(octets, "", text);
  octets.push_back('\n');
  return write(octets);
}

bool SseStream::write(std::string_view octets) {
  if (!open()) return false;
  const std::size_t pending = exchange_->stream_pending();
  if (pending <= kBehind) {
    missed_ = 0;
    exchange_->write_stream(octets);
    return true;
  }
  missed_ += octets.size();
  if (pending + missed_ > kTooSlow) {
    auto callback = std::exchange(on_closed_, {});
    close();
    if (callback) callback();
  }
  return false;
}

void SseStream::close() {
  on_closed_ = {};
  // An exchange that is over is not abandoned any more, so nothing calls back to this stream.
  if (const auto exchange = std::exchange(exchange_, nullptr)) exchange->end_stream();
}

void SseStream::on_closed(UniqueFunction<void()> callback) { on_closed_ = std::move(callback); }

}  // namespace atrium::web
