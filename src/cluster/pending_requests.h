#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/unique_function.h"
#include "cluster/node_message.h"
#include "net/deadline_queue.h"

namespace atrium::cluster {

/// The questions to other nodes that are still open. Each ends once: with the last answer, or at its deadline with those that
/// came, so a node that does not answer costs a part and never a stall. On one shard.
class PendingRequests final {
 public:
  /// Takes an answer; true: it was the last.
  using Take = UniqueFunction<bool(NodeAnswer& answer)>;
  using End = UniqueFunction<void()>;

  explicit PendingRequests(net::DeadlineQueue& deadlines) : deadlines_(deadlines) {}

  void open(const std::string& request, Duration patience, Take take, End end);
  /// An answer to a question of somebody else is nobody's business.
  void answered(NodeAnswer& answer);

 private:
  struct Question {
    Question(Take taking, End ending, UniqueFunction<void()> on_due)
        : take(std::move(taking)), end(std::move(ending)), deadline(std::move(on_due)) {}
    Take take;
    End end;
    net::Deadline deadline;
  };

  void close(const std::string& request);

  net::DeadlineQueue& deadlines_;
  std::unordered_map<std::string, std::unique_ptr<Question>> open_;
};

}  // namespace atrium::cluster
