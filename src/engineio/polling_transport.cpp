#include "engineio/polling_transport.h"

#include <algorithm>

#include "engineio/payload.h"
#include "engineio/payload_v3.h"

namespace atrium::engineio {

namespace {

constexpr std::string_view kOctetStream = "application/octet-stream";
constexpr std::size_t kHeadV3 = 12;  // octets of a packet's head in Engine.IO 3, about

}  // namespace

http::Headers polling_headers(const http::Request& request, std::string_view content_type) {
  http::Headers headers{{"Content-Type", std::string(content_type)}, {"Cache-Control", "no-store"}};
  const std::string_view agent = request.header("user-agent").value_or("");
  // Old Internet Explorers would otherwise take a payload for an attack.
  if (agent.find(";MSIE") != agent.npos || agent.find("Trident/") != agent.npos) headers.emplace_back("X-XSS-Protection", "0");
  return headers;
}

PollingTransport::PollingTransport(TransportOwner& owner, const Wire& wire, net::Shard& shard, std::size_t max_buffered,
                                   const http::CompressionOptions* compression)
    : owner_(&owner), shard_(shard), wire_(wire), max_buffered_(max_buffered), compression_(compression), end_of_turn_([this] {
        end_turn();
      }) {}

PollingTransport::~PollingTransport() { release_poll(); }

void PollingTransport::respond(const std::shared_ptr<Visit>& visit, std::string payload, PayloadForm form, Compress compress) {
  const std::string_view type = form == PayloadForm::text ? "text/plain; charset=UTF-8" : kOctetStream;
  http::Response response{.status = 200, .headers = polling_headers(visit->request(), type), .body = std::move(payload)};
  if (compression_ && compress == Compress::yes && response.body.size() >= compression_->threshold) {
    const auto coding = http::choose_coding(visit->request().headers);
    if (coding != http::ContentCoding::identity) {
      response.headers.emplace_back("Content-Encoding", to_string(coding));
      response.body = http::encode_content(std::move(response.body), coding, compression_->effort);
    }
  }
  visit->deliver(std::move(response));
}

std::string PollingTransport::payload_of(std::initializer_list<PacketType> packets) const {
  std::string payload;
  for (const PacketType type : packets) {
    if (wire_.revision == Revision::v3) {
      append_to_text(payload, encode_text(type, {}));
    } else {
      if (!payload.empty()) payload.push_back(kSeparator);
      payload += encode_text(type, {});
    }
  }
  return payload;
}

std::size_t PollingTransport::size_of(const SharedMessage& message) const {
  if (wire_.revision == Revision::v4) return message.polling_payload().size();
  return message.data_size() + kHeadV3 * message.packet_count();
}

void PollingTransport::send(const SharedMessagePtr& message) {
  if (overflowed_) return;
  waiting_octets_ += size_of(*message);
  waiting_.push_back(message);
  behind_ = behind_ || (waiting_octets_ > kBehind && !parked_);
  // A sender may be walking the members of a room, so the end of a slow client waits until the turn is over.
  overflowed_ = waiting_octets_ > max_buffered_ && waiting_.size() > 1;
  if ((parked_ || overflowed_) && !end_of_turn_.armed()) shard_.deadlines().arm(end_of_turn_, Duration::zero());
}

void PollingTransport::end_turn() {
  if (overflowed_) {
    end(CloseReason::transport_error);
  } else {
    flush();
  }
}

void PollingTransport::flush() {
  if (!parked_ || waiting_.empty()) return;
  const auto has_octets = [](const SharedMessagePtr& message) { return message->has_octets(); };
  const bool v3 = wire_.revision == Revision::v3;
  const bool octets = v3 && !wire_.base64 && std::any_of(waiting_.begin(), waiting_.end(), has_octets);
  const PayloadForm form = octets ? PayloadForm::octets : PayloadForm::text;
  std::string payload;
  payload.reserve(waiting_octets_ + waiting_.size());
  auto compress = Compress::no;  // one message that may be compressed is enough, as with Node
  for (const auto& message : waiting_) {
    if (message->compress() == Compress::yes) compress = Compress::yes;
    if (!v3 && !payload.empty()) payload.push_back(kSeparator);
    payload += v3 ? message->polling_payload_v3(form) : message->polling_payload();
  }
  take_waiting();
  respond(std::exchange(parked_, nullptr), std::move(payload), form, compress);
  if (std::exchange(behind_, false) && owner_) owner_->on_transport_drained(*this);
}

void PollingTransport::close() {
  if (!owner_) return;
  owner_ = nullptr;
  if (parked_ && waiting_.empty()) {
    respond(std::exchange(parked_, nullptr), payload_of({PacketType::close}));
    return;
  }
  farewell_ = Farewell::noop_and_close;  // for the GET that follows the last messages
  flush();
}

void PollingTransport::end_by_client() {
  owner_ = nullptr;
  if (parked_) {
    release_poll();
  } else {
    farewell_ = Farewell::noop;
  }
}

void PollingTransport::on_poll(std::shared_ptr<Visit> visit) {
  if (parked_) {
    // Two at once: the first is told to stop, the second is refused (Engine.IO 4, "HTTP long-polling").
    respond(std::exchange(parked_, nullptr), payload_of({PacketType::close}));
    visit->respond({.status = 400, .headers = {}, .body = {}});
    end(CloseReason::transport_error);
    return;
  }
  parked_ = std::move(visit);
  parked_->on_abandoned([this] {
    parked_ = nullptr;
    end(CloseReason::transport_error);
  });
  if (!waiting_.empty()) {
    flush();
  } else if (owes_farewell()) {
    const bool closed = std::exchange(farewell_, Farewell::none) == Farewell::noop_and_close;
    respond(std::exchange(parked_, nullptr),
            closed ? payload_of({PacketType::noop, PacketType::close}) : payload_of({PacketType::noop}));
  }
}

void PollingTransport::on_post(const std::shared_ptr<Visit>& visit) {
  const http::Request& request = visit->request();
  const bool octets = request.header("content-type").value_or("") == kOctetStream;
  if (octets && wire_.revision == Revision::v4) {
    visit->respond({.status = 400, .headers = {}, .body = {}});
    end(CloseReason::transport_error);
    return;
  }
  bool sound = false;
  if (wire_.revision == Revision::v3) {
    PayloadReaderV3 reader(request.body, octets ? PayloadForm::octets : PayloadForm::text);
    sound = receive(reader);
  } else {
    PayloadReader reader(request.body);
    sound = receive(reader);
  }
  if (!sound) {
    visit->respond({.status = 400, .headers = polling_headers(request, "text/html"), .body = {}});
    end(CloseReason::parse_error);
    return;
  }
  visit->deliver({.status = 200, .headers = polling_headers(request, "text/html"), .body = "ok"});
}

/// False when something that is no packet came.
template <class Reader>
bool PollingTransport::receive(Reader& reader) {
  while (owner_) {
    const auto packet = reader.next();
    if (!packet) break;
    owner_->on_packet(*this, *packet);
  }
  return !reader.failed();
}

void PollingTransport::release_poll() {
  if (parked_) respond(std::exchange(parked_, nullptr), payload_of({PacketType::noop}));
}

std::vector<SharedMessagePtr> PollingTransport::take_waiting() {
  waiting_octets_ = 0;
  return std::exchange(waiting_, {});
}

void PollingTransport::end(CloseReason reason) {
  if (owner_) std::exchange(owner_, nullptr)->on_transport_end(*this, reason);
}

}  // namespace atrium::engineio
