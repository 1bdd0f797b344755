#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engineio/session.h"
#include "net/shard.h"

namespace atrium::engineio {

/// The sessions of one shard, by id. What leaves it is destroyed at the end of the turn, because it may be on the stack.
class SessionTable final {
 public:
  explicit SessionTable(net::Shard& shard) : shard_(shard), end_of_turn_([this] { empty_graves(); }) {}

  Session& add(std::unique_ptr<Session> session);
  /// Null when there is none.
  Session* find(const std::string& id);
  void retire(Session& session);
  void bury(std::unique_ptr<PollingTransport> transport);
  std::size_t size() const { return sessions_.size(); }
  /// Ends every session that is open.
  void close_all(CloseReason reason);

 private:
  void dig();
  void empty_graves();

  net::Shard& shard_;
  std::unordered_map<std::string, std::unique_ptr<Session>> sessions_;
  std::vector<std::unique_ptr<Session>> retired_;
  std::vector<std::unique_ptr<PollingTransport>> replaced_;
  net::Deadline end_of_turn_;
};

}  // namespace atrium::engineio
