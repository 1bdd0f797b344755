#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>

#include "base/task.h"
#include "chat/live/activity_log.h"
#include "chat/live/live_events.h"
#include "chat/live/pulse.h"
#include "chat/live/viewers.h"
#include "storage/database.h"

namespace atrium::chat {

/// What goes on in the channels of each workspace, for those who watch it from outside: one shard, the first, is told of
/// everything, knows which workspace it belongs to and who may know of it, and hands it to the readers of all shards.
class Activity final {
 public:
  Activity(net::ShardSet& shards, storage::Database& database, Viewers& viewers);

  // Any shard; what one shard tells keeps its order.
  void message_new(const storage::Message& message);
  void message_edited(const storage::Message& message);
  void message_deleted(const storage::Message& message);
  void member_added(const storage::ChannelId& channel, const storage::UserId& user);
  void member_removed(const storage::ChannelId& channel, const storage::UserId& user);
  /// So many type there now.
  void typing(const storage::ChannelId& channel, std::size_t users);

  /// On the stream's shard: from now on the viewer is told what happens, and first what came after the event of `last_id`, if
  /// that is still known. He may see the workspace.
  Task<void> watch(Viewer viewer, std::string last_id);

  // On the owner shard.
  net::Shard& owner() const { return owner_; }
  std::size_t typing_users(const storage::WorkspaceId& workspace) const { return pulse_.typing_users(workspace); }
  std::uint64_t messages_per_minute(const storage::WorkspaceId& workspace) {
    return pulse_.messages_per_minute(workspace, owner_.clock().now());
  }
  /// `listener` hears of every workspace whose pulse changed. Before the start.
  void on_change(std::function<void(const storage::WorkspaceId&)> listener) { on_change_ = std::move(listener); }

  /// Something was lost on the way: readers begin anew, and know it.
  void break_off();

  static constexpr std::size_t kQueue = 10'000;                 ///< what may wait for the database to say where it belongs
  static constexpr std::size_t kKnownChannels = 100'000;        ///< whose workspace is kept in mind
  static constexpr Duration kLinger = std::chrono::minutes(2);  ///< a log is kept so long after its last reader

 private:
  struct Typing {
    std::size_t users;
  };
  struct News {
    storage::ChannelId channel;
    std::string event;  ///< empty: not for readers
    std::variant<events::MessageActivity, events::MemberActivity, Typing> what;
  };
  /// A workspace that has readers, or had some lately.
  struct Watched {
    Watched(std::string epoch, UniqueFunction<void()> on_idle) : log(std::move(epoch)), linger(std::move(on_idle)) {}
    std::size_t readers = 0;
    ActivityLog log;
    net::Deadline linger;
  };
  using Entries = std::vector<ActivityLog::Entry>;
  using Audience = std::shared_ptr<const std::set<storage::UserId>>;

  void message(std::string event, const storage::Message& message, WallTime time);
  void member(std::string event, const storage::ChannelId& channel, const storage::UserId& user);
  void tell(News news);
  Task<void> work();
  Task<void> take(News news);
  Task<std::optional<storage::WorkspaceId>> workspace_of(storage::ChannelId channel);
  Task<Audience> audience_of(storage::ChannelId channel);
  void count(const storage::WorkspaceId& workspace, const News& news);
  void publish(const storage::WorkspaceId& workspace, News news, Audience audience);

  Watched& begin(const storage::WorkspaceId& workspace);
  void end(const storage::WorkspaceId& workspace);
  /// What `user` may know of what came after `last_id`. Ends in the same turn as its look into the log.
  Task<std::optional<Entries>> missed(storage::WorkspaceId workspace, storage::UserId user, std::string last_id);

  net::Shard& owner_;
  storage::Database& database_;
  Viewers& viewers_;
  std::function<void(const storage::WorkspaceId&)> on_change_;

  // On the owner shard.
  std::deque<News> queue_;
  bool working_ = false;
  Pulse pulse_;
  std::unordered_map<storage::ChannelId, storage::WorkspaceId> workspaces_;  ///< a channel never moves
  std::map<storage::WorkspaceId, std::unique_ptr<Watched>> watched_;
};

}  // namespace atrium::chat
