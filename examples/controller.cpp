// A class that says at its top what it handles. The table is data, the methods are ordinary ones: a payload arrives as a
// struct, checked; what is returned is the acknowledgement; a method may be a coroutine.
#include <atrium/socketio/controller.h>
#include <atrium/socketio/server.h>

#include <iostream>
#include <mutex>

using namespace atrium::socketio;
using atrium::Task;

struct Bid {
  std::string lot;
  double amount = 0;
};
BOOST_DESCRIBE_STRUCT(Bid, (), (lot, amount))

struct LotState {
  std::string lot;
  double highest = 0;
  std::size_t watchers = 0;
};
BOOST_DESCRIBE_STRUCT(LotState, (), (lot, highest, watchers))

// Who bid how much. One for all threads, hence the lock.
class Ledger final {
 public:
  double highest(const std::string& lot) const {
    const std::scoped_lock lock(mutex_);
    const auto found = highest_.find(lot);
    return found == highest_.end() ? 0 : found->second;
  }
  // False when somebody was quicker, or bolder.
  bool raise(const Bid& bid) {
    const std::scoped_lock lock(mutex_);
    double& highest = highest_[bid.lot];
    if (bid.amount <= highest) return false;
    highest = bid.amount;
    return true;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, double> highest_;
};

class Auction final : public Controller<Auction> {
 public:
  static constexpr auto handlers() {
    return std::tuple{on_connect<&Auction::greet>, on_message<"lot:watch", &Auction::watch>,
                      on_message<"lot:bid", &Auction::bid>, on_disconnecting<&Auction::leave>};
  }

  // What it needs comes by constructor.
  Auction(Namespace& nsp, Ledger& ledger) : nsp_(nsp), ledger_(ledger) {}

  // While this waits, what the client sends waits too, in order.
  Task<void> greet(Socket& socket) { socket.emit("bidders", co_await nsp_.count_sockets()); }

  Task<LotState> watch(Socket& socket, std::string lot) {
    socket.join(lot);
    const std::size_t watchers = co_await nsp_.in(lot).count_sockets();
    co_return LotState{.lot = lot, .highest = ledger_.highest(lot), .watchers = watchers};
  }

  double bid(Socket& socket, const Bid& bid) {
    if (!ledger_.raise(bid)) throw Refusal("TOO_LOW", "Somebody bids more.");
    socket.to(bid.lot).emit("lot:raised", bid);
    return bid.amount;
  }

  void leave(Socket& socket, DisconnectReason reason) {
    for (const std::string& lot : socket.rooms()) socket.to(lot).emit("lot:left", lot, to_string(reason));
  }

 private:
  Namespace& nsp_;
  Ledger& ledger_;
};

int main(int argc, char** argv) {
  Ledger ledger;
  Server io;
  Auction auction(io.of("/auction"), ledger);
  auction.attach(io.of("/auction"));

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
