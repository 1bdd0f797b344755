#include "engineio/session.h"

#include <boost/json.hpp>

#include "engineio/session_table.h"
#include "engineio/traffic_observer.h"

namespace atrium::engineio {

namespace {

std::string open_packet(const std::string& id, const Options& options, bool may_upgrade) {
  const auto milliseconds = [](Duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  };
  boost::json::object open;  // in the order of the official server, which some clients have come to rely on
  open["sid"] = id;
  open["upgrades"] = may_upgrade ? boost::json::array{"websocket"} : boost::json::array{};
  open["pingInterval"] = milliseconds(options.ping_interval);
  open["pingTimeout"] = milliseconds(options.ping_timeout);
  open["maxPayload"] = options.max_payload;
  return boost::json::serialize(open);
}

/// The heartbeat carries nothing, so one message serves every session.
const SharedMessagePtr& ping() {
  static const SharedMessagePtr message = SharedMessage::packet(PacketType::ping);
  return message;
}

const SharedMessagePtr& pong() {
  static const SharedMessagePtr message = SharedMessage::packet(PacketType::pong);
  return message;
}

}  // namespace

/// A WebSocket that is tried beside the polling (Engine.IO 4, "Upgrade").
struct Session::Probe {
  Probe(Session& session, WebSocketTransport& tried)
      : transport(&tried), timeout([&session] { session.drop_probe(); }), release([&session] { session.release_polls(); }) {}

  WebSocketTransport* transport;
  bool answered = false;  ///< "probe" came and was answered: the client may say "upgrade" now
  net::Deadline timeout;
  net::Deadline release;
};

Session::Session(std::string id, Handshake handshake, Revision revision, const Options& options, net::Shard& shard,
                 SessionTable& table, std::unique_ptr<SessionHandler> handler)
    : id_(std::move(id)),
      handshake_(std::move(handshake)),
      revision_(revision),
      options_(options),
      shard_(shard),
      table_(table),
      handler_(std::move(handler)),
      heartbeat_([this] { on_heartbeat_due(); }) {}

Session::~Session() = default;

void Session::begin_polling(std::shared_ptr<Visit> visit) {
  polling_ = std::make_unique<PollingTransport>(static_cast<TransportOwner&>(*this), wire_of(visit->request()), shard_,
                                                options_.max_buffered,
                                                options_.http_compression ? &*options_.http_compression : nullptr);
  start(*polling_);
  polling_->on_poll(std::move(visit));
}

void Session::begin_websocket(Visit& visit, std::string head, const websocket::DeflateOptions* deflate) {
  // The transport tells us when it is open, before any octet of the client reaches it.
  visit.upgrade(std::move(head), make_websocket(this, visit, deflate));
  if (state_ == State::opening) retire();  // the client has gone already
}

std::unique_ptr<WebSocketTransport> Session::make_websocket(TransportOwner* owner, const Visit& visit,
                                                            const websocket::DeflateOptions* deflate) const {
  const Wire wire{.revision = revision_, .base64 = wire_of(visit.request()).base64};
  return std::make_unique<WebSocketTransport>(owner, wire, options_.max_payload, options_.max_buffered, options_.max_stall,
                                              deflate);
}

void Session::on_transport_open(Transport& from) {
  if (state_ == State::opening) start(from);
}

void Session::start(Transport& transport) {
  transport_ = &transport;
  state_ = State::open;
  const bool may_upgrade = polling_ != nullptr && options_.allow_upgrades && options_.websocket;
  if (options_.observer) options_.observer->on_connection(*this);
  transmit(SharedMessage::packet(PacketType::open, open_packet(id_, options_, may_upgrade)));
  if (options_.initial_packet) transmit(SharedMessage::message(*options_.initial_packet));
  const Duration quiet = revision_ == Revision::v3 ? options_.ping_interval + options_.ping_timeout : options_.ping_interval;
  shard_.deadlines().arm(heartbeat_, quiet);
  handler_->on_open(*this);
}

void Session::transmit(const SharedMessagePtr& message) {
  if (options_.observer) options_.observer->on_packets_out(*this, message->packet_count(), message->data_size());
  transport_->send(message);
}

void Session::on_request(std::shared_ptr<Visit> visit) {
  if (visit->request().method == "GET") {
    polling_->on_poll(std::move(visit));
    if (lingering() && !polling_->owes_farewell()) retire();
  } else if (visit->request().method == "POST") {
    polling_->on_post(visit);
  } else {
    visit->respond({.status = 500, .headers = {}, .body = {}});
  }
}

void Session::on_second_websocket(Visit& visit, std::string head, const websocket::DeflateOptions* deflate) {
  const bool wanted = open() && transport_ == polling_.get() && !probe_ && options_.allow_upgrades;
  auto transport = make_websocket(wanted ? this : nullptr, visit, deflate);
  if (wanted) {
    probe_ = std::make_unique<Probe>(*this, *transport);
    shard_.deadlines().arm(probe_->timeout, options_.upgrade_timeout);
  }
  visit.upgrade(std::move(head), std::move(transport));
}

void Session::send(const SharedMessagePtr& message) {
  if (open()) transmit(message);
}

void Session::on_packet(Transport& from, const Packet& packet) {
  if (probe_ && &from == probe_->transport) {
    on_probe_packet(packet);
    return;
  }
  if (options_.observer) options_.observer->on_packets_in(*this, 1, packet.data.size());
  switch (packet.type) {
    case PacketType::message:
      if (packet.binary) {
        handler_->on_binary(packet.data);
      } else {
        handler_->on_text(packet.data);
      }
      return;
    case PacketType::ping:
      on_ping();
      return;
    case PacketType::pong:
      on_pong();
      return;
    case PacketType::close:
      if (transport_ == polling_.get()) polling_->end_by_client();
      end(CloseReason::transport_close);
      return;
    case PacketType::open:
    case PacketType::upgrade:
    case PacketType::noop:
      return;
  }
}

/// Only the client pings in Engine.IO 3, and only the server in Engine.IO 4.
void Session::on_ping() {
  if (revision_ == Revision::v4) return end(CloseReason::transport_error);
  shard_.deadlines().arm(heartbeat_, options_.ping_interval + options_.ping_timeout);
  transmit(pong());
}

void Session::on_pong() {
  if (revision_ == Revision::v3) return end(CloseReason::transport_error);
  pong_awaited_ = false;
  shard_.deadlines().arm(heartbeat_, options_.ping_interval);
}

void Session::on_probe_packet(const Packet& packet) {
  if (packet.type == PacketType::ping && packet.data == "probe") {
    probe_->transport->send(SharedMessage::packet(PacketType::pong, "probe"));
    probe_->answered = true;
    shard_.deadlines().arm(probe_->release, kReleaseInterval);
  } else if (packet.type == PacketType::upgrade && probe_->answered) {
    complete_upgrade();
  } else {
    drop_probe();
  }
}

void Session::release_polls() {
  shard_.deadlines().arm(probe_->release, kReleaseInterval);
  polling_->release_poll();
}

void Session::complete_upgrade() {
  if (lingering()) return take_leave(*probe_->transport);
  const bool was_behind = !keeps_up();
  transport_ = probe_->transport;
  probe_.reset();
  polling_->release_poll();
  for (const auto& message : polling_->take_waiting()) transport_->send(message);
  // A POST of this client may still be on the stack below us: the old transport goes with the turn.
  table_.bury(std::move(polling_));
  if (options_.observer) options_.observer->on_upgrade(*this);
  handler_->on_upgrade();
  // The WebSocket has what waited; if it cannot write that either, it will tell in its turn.
  if (was_behind && keeps_up()) handler_->on_drain();
}

/// The client has stopped to poll: what it is owed goes by the WebSocket.
void Session::take_leave(WebSocketTransport& transport) {
  for (const auto& message : polling_->take_waiting()) transport.send(message);
  retire();
}

void Session::drop_probe() {
  if (!probe_) return;
  probe_->transport->close();
  probe_.reset();
}

void Session::on_transport_drained(Transport& from) {
  if (open() && &from == transport_) handler_->on_drain();
}

void Session::on_transport_end(Transport& from, CloseReason reason) {
  if (probe_ && &from == probe_->transport) {
    probe_.reset();
  } else if (&from == transport_) {
    close(reason);
  }
}

void Session::on_heartbeat_due() {
  if (lingering()) {
    retire();
  } else if (pong_awaited_ || revision_ == Revision::v3) {
    end(CloseReason::ping_timeout);
  } else {
    pong_awaited_ = true;
    transmit(ping());
    shard_.deadlines().arm(heartbeat_, options_.ping_timeout);
  }
}

void Session::close(CloseReason reason) {
  if (open()) end(reason);
}

void Session::end(CloseReason reason) {
  state_ = State::closed;
  heartbeat_.cancel();
  transport_->close();
  if (options_.observer) options_.observer->on_disconnection(*this, reason);
  handler_->on_close(reason);
  // A client that was told "probe" may have stopped to poll already.
  if (probe_ && !(probe_->answered && reason == CloseReason::forced_close)) drop_probe();
  const bool orderly = reason == CloseReason::forced_close || reason == CloseReason::transport_close;
  if (orderly && transport_ == polling_.get() && polling_->owes_farewell() && table_.may_linger()) {
    state_ = State::lingering;
    table_.note_lingering();
    shard_.deadlines().arm(heartbeat_, kLinger);
  } else {
    retire();
  }
}

void Session::retire() {
  drop_probe();
  table_.retire(*this);
  state_ = State::closed;
}

}  // namespace atrium::engineio
