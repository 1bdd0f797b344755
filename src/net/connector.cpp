#include "net/connector.h"

#include <sys/un.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "net/address.h"
#include "net/connection.h"

namespace atrium::net {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// One try, kept alive by what it waits for.
class Attempt final : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(Shard& shard, std::unique_ptr<Protocol> protocol, UniqueFunction<void(std::string)> failed)
      : shard_(shard),
        resolver_(shard.io()),
        tcp_(shard.io()),
        local_(shard.io()),
        deadline_([this] { give_up(asio::error::timed_out); }),
        protocol_(std::move(protocol)),
        failed_(std::move(failed)) {}

  void begin(const Destination& to, Duration patience) {
    shard_.deadlines().arm(deadline_, patience);
    if (to.host.starts_with(kUnixPrefix)) return connect_local(to.host.substr(kUnixPrefix.size()));
    const auto found = [self = shared_from_this()](const error_code& error, asio::ip::tcp::resolver::results_type addresses) {
      if (error) return self->give_up(error);
      asio::async_connect(self->tcp_, addresses, [self](const error_code& problem, const asio::ip::tcp::endpoint&) {
        self->end(problem, self->tcp_);
      });
    };
    resolver_.async_resolve(to.host, std::to_string(to.port), found);
  }

 private:
  void connect_local(const std::string& path) {
    asio::local::stream_protocol::endpoint endpoint;
    if (path.size() >= sizeof(sockaddr_un{}.sun_path)) return give_up(asio::error::name_too_long);
    endpoint.path(path);
    local_.async_connect(endpoint,
                         [self = shared_from_this()](const error_code& problem) { self->end(problem, self->local_); });
  }

  template <class Socket>
  void end(const error_code& error, Socket& socket) {
    if (error) return give_up(error);
    if (!protocol_) return;
    deadline_.cancel();
    error_code ignored;
    if constexpr (std::is_same_v<Socket, asio::ip::tcp::socket>) socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    Connection::open(shard_, MovingConnection(socket.release()), std::move(protocol_));
  }

  void give_up(const error_code& error) {
    if (!protocol_) return;
    deadline_.cancel();
    protocol_.reset();
    error_code ignored;
    resolver_.cancel();
    tcp_.close(ignored);
    local_.close(ignored);
    failed_(error.message());
  }

  Shard& shard_;
  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket tcp_;
  asio::local::stream_protocol::socket local_;
  Deadline deadline_;
  std::unique_ptr<Protocol> protocol_;  ///< null: it is over
  UniqueFunction<void(std::string)> failed_;
};

}  // namespace

void connect(Shard& shard, const Destination& to, Duration patience, std::unique_ptr<Protocol> protocol,
             UniqueFunction<void(std::string why)> failed) {
  std::make_shared<Attempt>(shard, std::move(protocol), std::move(failed))->begin(to, patience);
}

}  // namespace atrium::net
