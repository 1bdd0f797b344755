#include "admin/traffic.h"

#include "engineio/session.h"

namespace atrium::admin {

namespace {

bool polls(const engineio::Session& session) { return session.transport_name() == "polling"; }

WallTime now_of(const engineio::Session& session) { return session.shard().clock().wall(); }

}  // namespace

Traffic::Part& Traffic::on(const net::Shard& shard) {
  auto& part = parts_[shard.index()];
  if (!part) part = std::make_unique<Part>();
  return *part;
}

void Traffic::on_connection(const engineio::Session& session) {
  Part& part = on(session.shard());
  part.events.add(now_of(session), Counted::raw_connection);
  if (polls(session)) ++part.polling;
  if (also_) also_->on_connection(session);
}

void Traffic::on_upgrade(const engineio::Session& session) {
  --on(session.shard()).polling;
  if (also_) also_->on_upgrade(session);
}

void Traffic::on_disconnection(const engineio::Session& session, engineio::CloseReason reason) {
  Part& part = on(session.shard());
  part.events.add_disconnection(now_of(session), reason);
  if (polls(session)) --part.polling;
  if (also_) also_->on_disconnection(session, reason);
}

// Packets without data are the heartbeat, which the official server does not count.

void Traffic::on_packets_in(const engineio::Session& session, std::size_t packets, std::size_t octets) {
  if (octets > 0) {
    EventsBySecond& events = on(session.shard()).events;
    const WallTime now = now_of(session);
    events.add(now, Counted::packets_in, packets);
    events.add(now, Counted::bytes_in, octets);
  }
  if (also_) also_->on_packets_in(session, packets, octets);
}

void Traffic::on_packets_out(const engineio::Session& session, std::size_t packets, std::size_t octets) {
  if (octets > 0) {
    EventsBySecond& events = on(session.shard()).events;
    const WallTime now = now_of(session);
    events.add(now, Counted::packets_out, packets);
    events.add(now, Counted::bytes_out, octets);
  }
  if (also_) also_->on_packets_out(session, packets, octets);
}

}  // namespace atrium::admin
