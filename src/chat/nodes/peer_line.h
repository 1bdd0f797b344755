#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <deque>
#include <vector>

namespace atrium::chat {

namespace json = boost::json;

/// What one other node says, in the order in which it says it. While something is missing nothing is acted on, until the node
/// has said how things stand with it. A pure value.
class PeerLine final {
 public:
  struct Envelope {
    std::uint64_t number = 0;  ///< 1, 2, 3, ...
    json::array facts;
  };

  /// What is to be acted on now.
  std::vector<json::array> hear(Envelope envelope);
  /// The node has said so much by now.
  void expect(std::uint64_t number);
  /// Something may have been lost.
  void break_off() { whole_ = false; }
  struct Standing {
    std::vector<json::array> before;  ///< to be acted on first: not all of it is about how things stand
    std::vector<json::array> after;   ///< to be acted on later
    bool lost = false;                ///< something that was said has not come
  };
  /// The node says how things stood when it had said so much.
  Standing stand(std::uint64_t number);
  /// False: how things stand must be asked for.
  bool whole() const { return whole_; }
  std::uint64_t heard() const { return heard_; }

  static constexpr std::size_t kWaiting = 10'000;  ///< envelopes that may wait for how things stand

 private:
  bool whole_ = true;
  std::uint64_t heard_ = 0;
  std::uint64_t expected_ = 0;
  std::deque<Envelope> waiting_;
};

}  // namespace atrium::chat
