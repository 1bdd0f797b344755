#include "engineio/session.h"

#include <boost/json.hpp>

#include "engineio/session_table.h"

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

}  // namespace

/// A WebSocket that is tried beside the polling (Engine.IO 4, "Upgrade").
struct Session::Probe {
  Probe(Session& session, const websocket::DeflateOptions* deflate, std::unique_ptr<WebSocketTransport>& made)
      : timeout([&session] { session.drop_probe(); }), release([&session] { session.release_polls(); }) {
    made = session.make_websocket(&session, deflate);
    transport = made.get();
  }

  WebSocketTransport* transport;
  bool answered = false;  ///< "probe" came and was answered: the client may say "upgrade" now
  net::Deadline timeout;
  net::Deadline release;
};

Session::Session(std::string id, Handshake handshake, const Options& options, net::Shard& shard, SessionTable& table,
                 std::unique_ptr<SessionHandler> handler)
    : id_(std::move(id)),
      handshake_(std::move(handshake)),
      options_(options),
      shard_(shard),
      table_(table),
      handler_(std::move(handler)),
      heartbeat_([this] { on_heartbeat_due(); }) {}

Session::~Session() = default;

void Session::begin_polling(std::shared_ptr<http::Exchange> exchange) {
  polling_ = std::make_unique<PollingTransport>(static_cast<TransportOwner&>(*this), shard_, options_.max_buffered,
                                                options_.http_compression ? &*options_.http_compression : nullptr);
  start(*polling_);
  polling_->on_poll(std::move(exchange));
}

void Session::begin_websocket(const std::shared_ptr<http::Exchange>& exchange, std::string head,
                              const websocket::DeflateOptions* deflate) {
  // The transport tells us when it is open, before any octet of the client reaches it.
  exchange->upgrade(std::move(head), make_websocket(this, deflate));
  if (state_ == State::opening) retire();  // the client has gone already
}

std::unique_ptr<WebSocketTransport> Session::make_websocket(TransportOwner* owner,
                                                            const websocket::DeflateOptions* deflate) const {
  return std::make_unique<WebSocketTransport>(owner, options_.max_payload, options_.max_buffered, deflate);
}

void Session::on_transport_open(Transport& from) {
  if (state_ == State::opening) start(from);
}

void Session::start(Transport& transport) {
  transport_ = &transport;
  state_ = State::open;
  const bool may_upgrade = polling_ != nullptr && options_.allow_upgrades && options_.websocket;
  transport_->send(SharedMessage::packet(PacketType::open, open_packet(id_, options_, may_upgrade)));
  shard_.deadlines().arm(heartbeat_, options_.ping_interval);
  handler_->on_open(*this);
}

void Session::on_request(std::shared_ptr<http::Exchange> exchange) {
  if (exchange->request().method == "GET") {
    polling_->on_poll(std::move(exchange));
    if (lingering() && !polling_->owes_farewell()) retire();
  } else if (exchange->request().method == "POST") {
    polling_->on_post(exchange);
  } else {
    exchange->respond({.status = 500, .headers = {}, .body = {}});
  }
}

void Session::on_second_websocket(const std::shared_ptr<http::Exchange>& exchange, std::string head,
                                  const websocket::DeflateOptions* deflate) {
  std::unique_ptr<WebSocketTransport> transport;
  if (open() && transport_ == polling_.get() && !probe_ && options_.allow_upgrades) {
    probe_ = std::make_unique<Probe>(*this, deflate, transport);
    shard_.deadlines().arm(probe_->timeout, options_.upgrade_timeout);
  } else {
    transport = make_websocket(nullptr, deflate);
  }
  exchange->upgrade(std::move(head), std::move(transport));
}

void Session::send(const SharedMessagePtr& message) {
  if (open()) transport_->send(message);
}

void Session::on_packet(Transport& from, const Packet& packet) {
  if (probe_ && &from == probe_->transport) {
    on_probe_packet(packet);
    return;
  }
  switch (packet.type) {
    case PacketType::message:
      if (packet.binary) {
        handler_->on_binary(packet.data);
      } else {
        handler_->on_text(packet.data);
      }
      return;
    case PacketType::pong:
      pong_awaited_ = false;
      shard_.deadlines().arm(heartbeat_, options_.ping_interval);
      return;
    case PacketType::ping:  // only the server pings in Engine.IO 4
      end(CloseReason::transport_error);
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
  transport_ = probe_->transport;
  probe_.reset();
  polling_->release_poll();
  for (const auto& message : polling_->take_waiting()) transport_->send(message);
  // A POST of this client may still be on the stack below us: the old transport goes with the turn.
  table_.bury(std::move(polling_));
}

void Session::drop_probe() {
  if (!probe_) return;
  probe_->transport->close();
  probe_.reset();
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
  } else if (pong_awaited_) {
    end(CloseReason::ping_timeout);
  } else {
    pong_awaited_ = true;
    transport_->send(ping());
    shard_.deadlines().arm(heartbeat_, options_.ping_timeout);
  }
}

void Session::close(CloseReason reason) {
  if (open()) end(reason);
}

void Session::end(CloseReason reason) {
  state_ = State::closed;
  heartbeat_.cancel();
  drop_probe();
  transport_->close();
  handler_->on_close(reason);
  const bool orderly = reason == CloseReason::forced_close || reason == CloseReason::transport_close;
  if (orderly && transport_ == polling_.get() && polling_->owes_farewell()) {
    state_ = State::lingering;
    shard_.deadlines().arm(heartbeat_, kLinger);
  } else {
    retire();
  }
}

void Session::retire() {
  state_ = State::closed;
  table_.retire(*this);
}

}  // namespace atrium::engineio
