#include "chat/messages/message_order.h"

#include <algorithm>

namespace atrium::chat {

using Item = MessageOrder::Item;

std::vector<Item> MessageOrder::begin(std::uint64_t mod_seq) {
  last_ = mod_seq;
  kept_.erase(kept_.begin(), kept_.upper_bound(mod_seq));
  return take_ready();
}

std::vector<Item> MessageOrder::begin_anywhere() {
  anywhere_ = true;
  return take_ready();
}

std::vector<Item> MessageOrder::take(Item item) {
  if (is_late(item.frame)) return {};
  const std::uint64_t place = item.frame.mod_seq;
  kept_.insert_or_assign(place, std::move(item));
  return take_ready();
}

std::vector<Item> MessageOrder::take_ready() {
  std::vector<Item> ready;
  if (!last_ && anywhere_ && !kept_.empty()) last_ = kept_.begin()->first - 1;
  if (!last_) return ready;
  for (auto next = kept_.begin(); next != kept_.end() && next->first == *last_ + 1; next = kept_.erase(next)) {
    last_ = next->first;
    ready.push_back(std::move(next->second));
  }
  return ready;
}

bool MessageOrder::waits_for(const storage::UserId& user) const {
  return std::any_of(kept_.begin(), kept_.end(), [&](const auto& kept) { return kept.second.typist == user; });
}

std::vector<Item> MessageOrder::fill(std::vector<MessageFrame> frames, std::uint64_t mod_seq) {
  std::map<std::uint64_t, Item> known;
  for (MessageFrame& frame : frames) {
    const std::uint64_t place = frame.mod_seq;
    known.try_emplace(place, Item{.frame = std::move(frame)});
  }
  // What came by itself knows more of where it came from, and of a step that another one has covered since.
  const auto end = kept_.upper_bound(mod_seq);
  for (auto kept = kept_.begin(); kept != end; kept = kept_.erase(kept)) {
    known.insert_or_assign(kept->first, std::move(kept->second));
  }
  std::vector<Item> ready;
  for (auto& [place, item] : known) {
    if (place > last() && place <= mod_seq) ready.push_back(std::move(item));
  }
  last_ = std::max(last(), mod_seq);
  doubted_ = false;
  for (Item& item : take_ready()) ready.push_back(std::move(item));
  return ready;
}

}  // namespace atrium::chat
