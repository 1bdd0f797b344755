#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace atrium::socketio {

/// Names a handler that was added, so that it can be taken away.
using HandlerId = std::uint64_t;

/// Handlers of one kind, in the order in which they are called. Copied when it changes, so that a handler may add and remove
/// while the list is being called. An empty one owns no memory. On one shard; one that changes no more, on all.
template <class Handler>
class HandlerList final {
 public:
  bool empty() const { return !entries_; }
  std::size_t size() const { return entries_ ? entries_->size() : 0; }

  void add(HandlerId id, Handler handler, bool once = false) { change().push_back(make(id, std::move(handler), once)); }
  void add_first(HandlerId id, Handler handler) {
    auto& entries = change();
    entries.insert(entries.begin(), make(id, std::move(handler), false));
  }
  /// False when it is not there.
  bool remove(HandlerId id) {
    const auto is_it = [id](const Entry& entry) { return entry.id == id; };
    if (!entries_ || std::none_of(entries_->begin(), entries_->end(), is_it)) return false;
    std::erase_if(change(), is_it);
    if (entries_->empty()) entries_.reset();
    return true;
  }
  void clear() { entries_.reset(); }

  /// Calls `call(handler)` for each that is there now.
  template <class Call>
  void each(Call&& call) const {
    const auto now = entries_;
    if (!now) return;
    for (const Entry& entry : *now) call(*entry.handler);
  }
  /// The same; those that are to be called once go before they are called.
  template <class Call>
  void each_once(Call&& call) {
    const auto now = entries_;
    if (!now) return;
    for (const Entry& entry : *now) {
      if (!entry.once || remove(entry.id)) call(*entry.handler);
    }
  }

 private:
  struct Entry {
    HandlerId id;
    bool once;
    std::shared_ptr<const Handler> handler;
  };

  static Entry make(HandlerId id, Handler handler, bool once) {
    return {id, once, std::make_shared<const Handler>(std::move(handler))};
  }
  std::vector<Entry>& change() {
    auto changed = entries_ ? std::make_shared<std::vector<Entry>>(*entries_) : std::make_shared<std::vector<Entry>>();
    entries_ = changed;
    return *changed;
  }

  std::shared_ptr<const std::vector<Entry>> entries_;
};

}  // namespace atrium::socketio
