#include "chat/live/activity.h"

#include "base/log.h"
#include "base/random_id.h"
#include "base/timestamp.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::UserId;
using storage::WorkspaceId;

Activity::Activity(net::ShardSet& shards, storage::Database& database, Viewers& viewers)
    : owner_(shards[0]), database_(database), viewers_(viewers) {}

// --- what happens

void Activity::message_new(const storage::Message& said) { message("message:new", said, said.created_at); }
void Activity::message_edited(const storage::Message& edited) { message("message:edited", edited, edited.updated_at); }
void Activity::message_deleted(const storage::Message& deleted) { message("message:deleted", deleted, deleted.updated_at); }
void Activity::member_added(const ChannelId& channel, const UserId& user) { member("member:added", channel, user); }
void Activity::member_removed(const ChannelId& channel, const UserId& user) { member("member:removed", channel, user); }

void Activity::typing(const ChannelId& channel, std::size_t users) {
  tell({.channel = channel, .event = {}, .what = Typing{users}});
}

void Activity::message(std::string event, const storage::Message& message, WallTime time) {
  tell({.channel = message.channel,
        .event = std::move(event),
        .what = events::MessageActivity{.workspaceId = {},
                                        .channelId = message.channel.value,
                                        .messageId = message.id.value,
                                        .senderId = message.sender.value,
                                        .senderName = message.sender_name,
                                        .seq = message.seq,
                                        .rev = message.rev,
                                        .timestamp = to_iso8601(time)}});
}

void Activity::member(std::string event, const ChannelId& channel, const UserId& user) {
  tell({.channel = channel,
        .event = std::move(event),
        .what = events::MemberActivity{.workspaceId = {},
                                       .channelId = channel.value,
                                       .userId = user.value,
                                       .timestamp = to_iso8601(owner_.clock().wall())}});
}

void Activity::tell(News news) {
  owner_.dispatch([this, news = std::move(news)]() mutable {
    if (queue_.size() >= kQueue) return break_off();
    queue_.push_back(std::move(news));
    if (!std::exchange(working_, true)) spawn(work());
  });
}

// --- what becomes of it, one after the other

Task<void> Activity::work() {
  while (!queue_.empty()) {
    News news = std::move(queue_.front());
    queue_.pop_front();
    try {
      co_await take(std::move(news));
    } catch (const storage::StoreUnavailable& error) {
      log::warn("activity is lost: {}", error.what());
      break_off();
    }
  }
  working_ = false;
}

Task<void> Activity::take(News news) {
  const auto workspace = co_await workspace_of(news.channel);
  if (!workspace) co_return;
  count(*workspace, news);
  if (news.event.empty() || !watched_.contains(*workspace)) co_return;
  auto audience = co_await audience_of(news.channel);
  publish(*workspace, std::move(news), std::move(audience));
}

Task<std::optional<WorkspaceId>> Activity::workspace_of(ChannelId channel) {
  if (const auto known = workspaces_.find(channel); known != workspaces_.end()) co_return known->second;
  const auto found = co_await database_.channels().find(channel);
  if (!found) co_return std::nullopt;
  if (workspaces_.size() >= kKnownChannels) workspaces_.clear();
  workspaces_.emplace(channel, found->workspace);
  co_return found->workspace;
}

Task<Activity::Audience> Activity::audience_of(ChannelId channel) {
  const auto found = co_await database_.channels().find(channel);
  if (found && found->type == storage::ChannelType::public_) co_return nullptr;
  auto audience = std::make_shared<std::set<UserId>>();
  for (auto& member : co_await database_.channels().members(channel)) audience->insert(std::move(member));
  co_return audience;
}

void Activity::count(const WorkspaceId& workspace, const News& news) {
  if (const auto* typing = std::get_if<Typing>(&news.what)) {
    pulse_.typing(workspace, news.channel, typing->users);
  } else if (news.event == "message:new") {
    pulse_.said(workspace, owner_.clock().now());
  } else {
    return;
  }
  if (on_change_) on_change_(workspace);
}

void Activity::publish(const WorkspaceId& workspace, News news, Audience audience) {
  const auto found = watched_.find(workspace);
  if (found == watched_.end()) return;
  ActivityLog& log = found->second->log;
  json::object data = std::holds_alternative<events::MemberActivity>(news.what)
                          ? to_json(std::get<events::MemberActivity>(news.what)).as_object()
                          : to_json(std::get<events::MessageActivity>(news.what)).as_object();
  data["workspaceId"] = workspace.value;
  auto frame = std::make_shared<const std::string>(web::SseStream::frame(news.event, json::serialize(data), log.next_id()));
  log.append(std::move(news.channel), audience, frame);
  Viewers::Wanted wanted;
  if (audience) wanted = [audience](const Viewer& viewer) { return audience->contains(viewer.user); };
  viewers_.send(Feed::activity, workspace, std::move(frame), std::move(wanted));
}

void Activity::break_off() {
  if (watched_.empty()) return;
  viewers_.end([](const Viewer& viewer) { return viewer.feed == Feed::activity; }, failures::unavailable());
  for (auto& [workspace, watched] : watched_) watched->log = ActivityLog(object_id(owner_.clock().wall()));
}

// --- who is told

Activity::Watched& Activity::begin(const WorkspaceId& workspace) {
  auto& watched = watched_[workspace];
  if (!watched) {
    watched = std::make_unique<Watched>(object_id(owner_.clock().wall()), [this, workspace] {
      const auto idle = watched_.extract(workspace);  // with the deadline that calls this, which goes last
    });
  }
  watched->linger.cancel();
  ++watched->readers;
  return *watched;
}

void Activity::end(const WorkspaceId& workspace) {
  Watched& watched = *watched_.at(workspace);
  if (--watched.readers == 0) owner_.deadlines().arm(watched.linger, kLinger);
}

Task<std::optional<Activity::Entries>> Activity::missed(WorkspaceId workspace, UserId user, std::string last_id) {
  std::set<ChannelId> asked;
  std::set<ChannelId> open;
  for (;;) {
    auto entries = watched_.at(workspace)->log.after(last_id);
    if (!entries) co_return std::nullopt;
    std::vector<ChannelId> unknown;
    for (const auto& entry : *entries) {
      if (entry.audience && asked.insert(entry.channel).second) unknown.push_back(entry.channel);
    }
    if (unknown.empty()) {
      std::erase_if(*entries, [&](const auto& entry) { return entry.audience && !open.contains(entry.channel); });
      co_return entries;
    }
    // As things are now: what he was put out of meanwhile, he is not told any more.
    const auto his = co_await database_.channels().open_to(user, std::move(unknown));
    open.insert(his.begin(), his.end());
  }
}

Task<void> Activity::watch(Viewer viewer, std::string last_id) {
  const WorkspaceId workspace = viewer.workspace;
  net::Shard& shard = *net::Shard::current();
  co_await net::hop_to(owner_);
  begin(workspace);
  std::optional<Entries> entries;
  bool failed = false;
  try {
    entries = co_await missed(workspace, viewer.user, last_id);
  } catch (const storage::StoreUnavailable& error) {
    log::warn("activity cannot be taken up: {}", error.what());
    failed = true;
  }
  const bool resumed = entries.has_value();
  const events::ActivityReady ready{.resumed = resumed, .timestamp = to_iso8601(owner_.clock().wall())};
  std::string first = web::SseStream::frame("activity:ready", json::serialize(to_json(ready)),
                                            resumed ? last_id : watched_.at(workspace)->log.last_id());
  if (resumed) {
    for (const auto& entry : *entries) first += *entry.frame;
  }
  // What is published from now on reaches the stream's shard after this.
  co_await net::hop_to(shard);
  const auto on_gone = [this, workspace] { owner_.dispatch([this, workspace] { end(workspace); }); };
  if (failed) {
    on_gone();
    co_return;  // the client comes again
  }
  viewer.stream->send_frame(first);
  viewers_.add(std::move(viewer), on_gone);
}

}  // namespace atrium::chat
