#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chat/messages/message_frame.h"

namespace atrium::chat {

/// Brings what several nodes say in one channel into the order of the database: by mod_seq, nothing twice and nothing left
/// out. What comes too early is kept until what is missing has come, or has been read. At the channel's home. A pure value.
class MessageOrder final {
 public:
  struct Item {
    MessageFrame frame;
    std::string from = {};        ///< the socket that is told even outside of the room; empty: none
    storage::UserId typist = {};  ///< whose typing elsewhere it ends; empty: nobody's
  };

  /// Everything up to `mod_seq` is known to whoever joins from now on; until that is said everything is kept.
  std::vector<Item> begin(std::uint64_t mod_seq);
  bool begun() const { return last_.has_value(); }

  /// What is to be told now.
  std::vector<Item> take(Item item);
  /// It has been told already, or need not be.
  bool is_late(const MessageFrame& frame) const { return last_ && frame.mod_seq <= *last_; }
  /// Something is kept because what comes before it is missing.
  bool has_gap() const { return begun() && (doubted_ || !kept_.empty()); }
  /// Something may have been said that has not come: there is a gap until fill().
  void doubt() { doubted_ = true; }
  bool doubted() const { return doubted_; }
  /// Something that ends the typing of `user` is kept.
  bool waits_for(const storage::UserId& user) const;
  /// Nobody can say what is known: it is everything before what comes first.
  std::vector<Item> begin_anywhere();
  /// What was told last.
  std::uint64_t last() const { return last_.value_or(0); }
  /// What the database knows of all that came after last(), up to `mod_seq`. What is to be told now.
  std::vector<Item> fill(std::vector<MessageFrame> frames, std::uint64_t mod_seq);

 private:
  std::vector<Item> take_ready();

  std::optional<std::uint64_t> last_;
  bool anywhere_ = false;
  bool doubted_ = false;
  std::map<std::uint64_t, Item> kept_;  ///< by mod_seq
};

}  // namespace atrium::chat
