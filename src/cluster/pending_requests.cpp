#include "cluster/pending_requests.h"

namespace atrium::cluster {

void PendingRequests::open(const std::string& request, Duration patience, Take take, End end) {
  auto question = std::make_unique<Question>(std::move(take), std::move(end), [this, request] { close(request); });
  deadlines_.arm(question->deadline, patience);
  open_.insert_or_assign(request, std::move(question));
}

void PendingRequests::answered(NodeAnswer& answer) {
  const auto found = open_.find(answer.request);
  if (found != open_.end() && found->second->take(answer)) close(answer.request);
}

void PendingRequests::close(const std::string& request) {
  const auto found = open_.find(request);
  if (found == open_.end()) return;
  const auto question = std::move(found->second);
  open_.erase(found);
  question->end();
}

}  // namespace atrium::cluster
