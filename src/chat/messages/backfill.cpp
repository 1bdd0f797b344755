#include "chat/messages/backfill.h"

#include <algorithm>

namespace atrium::chat {

namespace {

using storage::Message;

/// The first of `messages` that are not too many octets together, one at least.
std::size_t affordable(const std::vector<Message>& messages) {
  std::size_t octets = 0;
  std::size_t count = 0;
  for (; count < messages.size(); ++count) {
    octets += messages[count].content.size();
    if (octets > Backfill::kOctets && count > 0) break;
  }
  return count;
}

Backfill of_messages(std::uint64_t since, storage::ChannelCounts now, const std::vector<Message>& oldest_first) {
  Backfill backfill{.by = Backfill::By::seq, .told = {}, .now = now, .frames = {}};
  const std::size_t count = affordable(oldest_first);
  for (std::size_t i = 0; i < count; ++i) {
    const Message& message = oldest_first[i];
    backfill.frames.push_back(message.deleted ? frame_of_deletion(message) : frame_of_new(message));
  }
  const std::uint64_t to = count > 0 ? oldest_first[count - 1].seq : since;
  backfill.told = {.from = since + 1, .to = to, .more = to<now.last_seq, .tooOld = since> now.last_seq};
  return backfill;
}

Backfill of_changes(std::uint64_t since, const storage::Changes& changes) {
  Backfill backfill{.by = Backfill::By::mod_seq, .told = {}, .now = changes.now, .frames = {}};
  const std::size_t count = affordable(changes.oldest_first);
  for (std::size_t i = 0; i < count; ++i) {
    const Message& message = changes.oldest_first[i];
    const bool is_new = message.created_mod_seq > since;
    backfill.frames.push_back(message.deleted ? frame_of_deletion(message)
                              : is_new        ? frame_of_new(message)
                                              : frame_of_edit(message));
  }
  const bool more = changes.has_more || count < changes.oldest_first.size();
  const std::uint64_t to = more ? changes.oldest_first[count - 1].mod_seq : changes.now.mod_seq;
  backfill.told = {.from = since + 1, .to = changes.too_old ? since : to, .more = more, .tooOld = changes.too_old};
  return backfill;
}

Backfill of_steps(std::uint64_t since, const storage::Changes& changes) {
  Backfill backfill = of_changes(since, changes);
  backfill.frames.clear();
  for (const Message& message : changes.oldest_first) {
    if (message.mod_seq > backfill.told.to) break;
    if (message.deleted && message.created_mod_seq > since) continue;
    for (MessageFrame& step : steps_since(since, message)) backfill.frames.push_back(std::move(step));
  }
  std::sort(backfill.frames.begin(), backfill.frames.end(),
            [](const MessageFrame& one, const MessageFrame& other) { return one.mod_seq < other.mod_seq; });
  return backfill;
}

}  // namespace

bool Backfill::covers(const MessageFrame& frame) const {
  if (by == By::mod_seq) return frame.mod_seq <= now.mod_seq;
  if (frame.kind == MessageFrame::Kind::created) return frame.seq <= now.last_seq;
  if (frame.seq < told.from || frame.seq > now.last_seq) return false;  // of an older message, or of one that is yet to be told
  const auto told_already = std::lower_bound(frames.begin(), frames.end(), frame.seq,
                                             [](const MessageFrame& each, std::uint64_t seq) { return each.seq < seq; });
  return told_already == frames.end() || told_already->mod_seq >= frame.mod_seq;
}

std::uint64_t Backfill::newest() const {
  std::uint64_t newest = now.mod_seq;
  for (const MessageFrame& frame : frames) newest = std::max(newest, frame.mod_seq);
  return newest;
}

Task<std::optional<Backfill>> read_backfill(storage::Database& database, events::JoinRequest request,
                                            storage::ChannelCounts now) {
  const storage::ChannelId channel(request.channelId);
  if (request.sinceMod) {
    const auto changes = co_await database.messages().changes(channel, *request.sinceMod, Backfill::kMessages);
    co_return of_changes(*request.sinceMod, changes);
  }
  if (!request.sinceSeq) co_return std::nullopt;
  const std::uint64_t since = *request.sinceSeq;
  std::vector<Message> messages;
  if (since < now.last_seq) {
    storage::PageQuery query{.channel = channel,
                             .before_seq = now.last_seq + 1,
                             .after_seq = since,
                             .limit = Backfill::kMessages,
                             .include_deleted = true};
    auto page = co_await database.messages().page(std::move(query));
    messages = std::move(page.newest_first);
    std::reverse(messages.begin(), messages.end());
  }
  co_return of_messages(since, now, messages);
}

Task<Backfill> read_steps(storage::Database& database, storage::ChannelId channel, std::uint64_t since) {
  const auto changes = co_await database.messages().changes(channel, since, Backfill::kMessages);
  co_return of_steps(since, changes);
}

}  // namespace atrium::chat
