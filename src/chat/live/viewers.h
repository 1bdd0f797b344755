#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/task.h"
#include "chat/failure.h"
#include "net/shard_set.h"
#include "storage/ids.h"
#include "web/sse_stream.h"

namespace atrium::chat {

enum class Feed : std::uint8_t {
  stats,     ///< gauges: who is behind gets the latest, not all
  activity,  ///< events: who is behind is ended, and takes up from the last that it has
};

/// Who reads a feed of a workspace.
struct Viewer {
  Feed feed = Feed::stats;
  storage::WorkspaceId workspace;
  storage::UserId user;
  storage::SessionId session = {};  ///< his token's; empty: the token is another issuer's
  std::unique_ptr<web::SseStream> stream;
};

/// The readers of live feeds, each on the shard of its stream, which it owns.
class Viewers final {
 public:
  using FramePtr = std::shared_ptr<const std::string>;  ///< made by SseStream::frame
  using Wanted = std::function<bool(const Viewer&)>;

  /// `most`: streams of one user on one shard; 0: any number.
  explicit Viewers(net::ShardSet& shards, std::size_t most = 0);
  ~Viewers();

  /// On the stream's shard. `on_gone` is called there once it has ended, however that came. When the user has as many as he
  /// may, his oldest ends for it.
  void add(Viewer viewer, UniqueFunction<void()> on_gone);

  // Any shard; all of them in the order of asking.
  /// To those of `feed` in `workspace`, and where `wanted` is given only to whom it likes.
  void send(Feed feed, const storage::WorkspaceId& workspace, FramePtr frame, Wanted wanted = {});
  /// Tells why, and ends them.
  void end(Wanted which, const Failure& why);
  /// He may not see that workspace any more.
  void end_in(const storage::WorkspaceId& workspace, const storage::UserId& user, const Failure& why);
  /// He may see nothing any more.
  void end_of(const storage::UserId& user, const Failure& why);
  void end_of(const storage::SessionId& session, const Failure& why);

  struct Reader {
    storage::UserId user;
    storage::SessionId session;
    storage::WorkspaceId workspace;
    auto operator<=>(const Reader&) const = default;
  };
  /// Any shard, resumes there: who reads what.
  Task<std::set<Reader>> readers() const;

  /// On the calling shard.
  std::size_t count(Feed feed) const;

  static constexpr Duration kKeepAlive = std::chrono::seconds(15);
  static constexpr Duration kRetry = std::chrono::seconds(1);  ///< for readers of gauges who are behind

 private:
  struct Seat {
    Viewer viewer;
    UniqueFunction<void()> on_gone;
    FramePtr latest;  ///< what a reader of gauges has missed
  };
  struct Table;

  Table& here() const;
  void for_each_shard(std::function<void(Table&)> action);

  net::ShardSet& shards_;
  const std::size_t most_;
  std::vector<std::unique_ptr<Table>> tables_;  ///< one a shard
};

}  // namespace atrium::chat
