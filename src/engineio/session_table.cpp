#include "engineio/session_table.h"

#include <utility>

namespace atrium::engineio {

Session& SessionTable::add(std::unique_ptr<Session> session) {
  Session& added = *session;
  sessions_.emplace(added.id(), std::move(session));
  return added;
}

Session* SessionTable::find(const std::string& id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second.get();
}

void SessionTable::retire(Session& session) {
  auto node = sessions_.extract(session.id());
  if (node.empty()) return;
  if (session.lingering()) --lingering_;
  retired_.push_back(std::move(node.mapped()));
  dig();
}

void SessionTable::bury(std::unique_ptr<PollingTransport> transport) {
  replaced_.push_back(std::move(transport));
  dig();
}

void SessionTable::close_all(CloseReason reason) {
  std::vector<Session*> open;
  for (const auto& [id, session] : sessions_) open.push_back(session.get());
  for (Session* session : open) session->close(reason);
}

void SessionTable::dig() {
  if (!end_of_turn_.armed()) shard_.deadlines().arm(end_of_turn_, Duration::zero());
}

void SessionTable::empty_graves() {
  // What goes may answer a last request, and that may end in another grave: not in those that are emptied here.
  const auto retired = std::exchange(retired_, {});
  const auto replaced = std::exchange(replaced_, {});
}

}  // namespace atrium::engineio
