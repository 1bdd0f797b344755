#pragma once

#include <memory>
#include <string>

#include "engineio/handshake.h"
#include "engineio/options.h"
#include "engineio/polling_transport.h"
#include "engineio/session_handler.h"
#include "engineio/transport.h"
#include "engineio/websocket_transport.h"
#include "net/deadline_queue.h"

namespace atrium::engineio {

class SessionTable;

/// One client's Engine.IO session: the handshake, the heartbeat, the transport in use and the change to a better one.
/// Lives on one shard, in that shard's SessionTable, until its handler has had on_close(); a session that still owes a
/// polling client its last messages lingers a little longer.
class Session final : private TransportOwner {
 public:
  /// `table` outlives it.
  Session(std::string id, Handshake handshake, Revision revision, const Options& options, net::Shard& shard,
          SessionTable& table, std::unique_ptr<SessionHandler> handler);
  ~Session() override;

  const std::string& id() const { return id_; }
  const Handshake& handshake() const { return handshake_; }
  net::Shard& shard() const { return shard_; }
  /// The revision of Engine.IO that the client speaks: 3 or 4.
  int protocol() const { return static_cast<int>(revision_); }
  /// "polling" or "websocket": what carries messages now.
  std::string_view transport_name() const { return transport_ ? transport_->name() : "none"; }
  bool open() const { return state_ == State::open; }

  /// Queues `message` for the client. A no-op once the session has closed. Never ends the session before the turn is over.
  void send(const SharedMessagePtr& message);
  /// What is sent now leaves at the end of this turn: the measure for volatile messages.
  bool writable() const { return open() && transport_->writable(); }
  /// Octets that wait for the client, about.
  std::size_t buffered() const { return transport_ ? transport_->buffered() : 0; }
  /// False from when the client has not taken what it was sent (the kernel refuses more for its WebSocket, or more than
  /// PollingTransport::kBehind octets wait for its next GET) until it has taken all of it; then SessionHandler::on_drain()
  /// tells. And false once the session has closed.
  bool keeps_up() const { return open() && transport_->keeps_up(); }
  /// Ends the session; what is queued is still sent. The handler is told before this returns.
  void close(CloseReason reason = CloseReason::forced_close);

  // For the engine, which routes requests here.
  void begin_polling(std::shared_ptr<Visit> visit);
  /// `head` is the answer that turns the connection into a WebSocket; `deflate` is what was agreed on (DeflateAgreement), null
  /// or as long-lived as the options.
  void begin_websocket(Visit& visit, std::string head, const websocket::DeflateOptions* deflate);
  /// A further request of a polling client: GET takes messages, POST brings some.
  void on_request(std::shared_ptr<Visit> visit);
  /// A WebSocket for this session: the probe of an upgrade, or one connection too many, which is told to go.
  void on_second_websocket(Visit& visit, std::string head, const websocket::DeflateOptions* deflate);
  /// Only waits for a GET to take its last messages.
  bool lingering() const { return state_ == State::lingering; }

  static constexpr Duration kLinger = std::chrono::seconds(30);                 ///< for the GET that takes the last messages
  static constexpr Duration kReleaseInterval = std::chrono::milliseconds(100);  ///< at which an upgrade frees parked GETs

 private:
  enum class State { opening, open, lingering, closed };
  struct Probe;

  void on_transport_open(Transport& from) override;
  void on_packet(Transport& from, const Packet& packet) override;
  void on_transport_drained(Transport& from) override;
  void on_transport_end(Transport& from, CloseReason reason) override;

  std::unique_ptr<WebSocketTransport> make_websocket(TransportOwner* owner, const Visit& visit,
                                                     const websocket::DeflateOptions* deflate) const;
  void start(Transport& transport);
  void transmit(const SharedMessagePtr& message);
  void on_ping();
  void on_pong();
  void on_probe_packet(const Packet& packet);
  void complete_upgrade();
  void take_leave(WebSocketTransport& transport);
  void drop_probe();
  void release_polls();
  void on_heartbeat_due();
  /// The handler hears of it; the transport has ended already or is ended here.
  void end(CloseReason reason);
  void retire();

  const std::string id_;
  const Handshake handshake_;
  const Revision revision_;
  const Options& options_;
  net::Shard& shard_;
  SessionTable& table_;
  const std::unique_ptr<SessionHandler> handler_;
  State state_ = State::opening;
  bool pong_awaited_ = false;
  net::Deadline heartbeat_;  ///< the next ping, the end of the wait for its pong, or the end of lingering
  std::unique_ptr<PollingTransport> polling_;
  Transport* transport_ = nullptr;  ///< what carries messages: polling_, or a WebSocket that its connection owns
  std::unique_ptr<Probe> probe_;    ///< while a WebSocket is tried beside the polling
};

}  // namespace atrium::engineio
