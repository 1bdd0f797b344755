#pragma once

#include <initializer_list>
#include <memory>
#include <vector>

#include "engineio/transport.h"
#include "engineio/visit.h"
#include "engineio/wire.h"
#include "http/content_coding.h"

namespace atrium::engineio {

/// Engine.IO over HTTP long-polling: messages wait here until a GET takes them. Owned by its session.
class PollingTransport final : public Transport {
 public:
  /// `compression` outlives it; with null, answers go as they are.
  PollingTransport(TransportOwner& owner, const Wire& wire, net::Shard& shard, std::size_t max_buffered,
                   const http::CompressionOptions* compression);
  ~PollingTransport() override;

  std::string_view name() const override { return "polling"; }
  void send(const SharedMessagePtr& message) override;
  bool writable() const override { return parked_ != nullptr; }
  std::size_t buffered() const override { return waiting_octets_; }
  bool keeps_up() const override { return !behind_; }
  void close() override;

  /// The client asks for messages: answered at once when some wait, else parked.
  void on_poll(std::shared_ptr<Visit> visit);
  /// The client sends packets.
  void on_post(const std::shared_ptr<Visit>& visit);

  /// The client has said goodbye by POST. The GET that it may have under way gets a noop, be it parked or still to come.
  void end_by_client();
  /// Lets a parked GET go with a noop, so that the client can stop polling.
  void release_poll();
  /// What nobody has taken, in order, for the transport that follows.
  std::vector<SharedMessagePtr> take_waiting();
  /// The transport is over but for a last GET, which is still to be answered.
  bool owes_farewell() const { return farewell_ != Farewell::none; }

  static constexpr std::size_t kBehind = 64 * 1024;  ///< octets that wait for a client which does not keep up

 private:
  enum class Farewell { none, noop, noop_and_close };

  void end_turn();
  void flush();
  void respond(const std::shared_ptr<Visit>& visit, std::string payload, PayloadForm form = PayloadForm::text,
               Compress compress = Compress::no);
  template <class Reader>
  bool receive(Reader& reader);
  std::string payload_of(std::initializer_list<PacketType> packets) const;
  std::size_t size_of(const SharedMessage& message) const;
  void end(CloseReason reason);

  TransportOwner* owner_;  ///< null once it needs no more calls
  net::Shard& shard_;
  const Wire wire_;
  const std::size_t max_buffered_;
  const http::CompressionOptions* const compression_;
  net::Deadline end_of_turn_;  ///< one answer for all that is sent in one turn
  std::shared_ptr<Visit> parked_;
  std::vector<SharedMessagePtr> waiting_;
  std::size_t waiting_octets_ = 0;
  Farewell farewell_ = Farewell::none;
  bool overflowed_ = false;
  bool behind_ = false;
};

/// The headers that every answer of the polling transport carries.
http::Headers polling_headers(const http::Request& request, std::string_view content_type);

}  // namespace atrium::engineio
