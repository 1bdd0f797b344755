#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/records.h"
#include "storage/store_error.h"

namespace atrium::storage {

struct NewMessage {
  ChannelId channel;
  UserId sender;
  std::string sender_name;
  std::string content;
  std::string client_msg_id;  ///< empty: none, then a repetition is a message of its own
  std::vector<UserId> mentions = {};
};

struct Appended {
  Message message;
  std::uint64_t prev_seq = 0;  ///< of the message before it in the channel; 0 for the first
  bool duplicate = false;      ///< the message was stored by an earlier call, which gave this very answer
};

struct PageQuery {
  ChannelId channel;
  std::optional<std::uint64_t> before_seq = {};  ///< the `limit` messages just below
  std::optional<std::uint64_t> after_seq = {};   ///< the `limit` messages just above; with both: just above and below the other
  std::optional<std::uint64_t> around_seq = {};  ///< half of `limit` above, the rest from it downwards; without the other two
  std::size_t limit = 50;
  bool include_deleted = false;  ///< blank
};

struct Page {
  std::vector<Message> newest_first;
  bool has_more = false;  ///< there are more in the direction of the query: newer ones with after_seq, else older ones
};

/// How much has happened in a channel.
struct ChannelCounts {
  std::uint64_t last_seq = 0;  ///< of the newest message
  std::uint64_t mod_seq = 0;   ///< of the newest change
  bool operator==(const ChannelCounts&) const = default;
};

/// What has changed since some mod_seq: each message once, as it is now, at its last change.
struct Changes {
  std::vector<Message> oldest_first;
  ChannelCounts now;  ///< nothing up to here is left out, but for what is more
  bool has_more = false;
  bool too_old = false;  ///< too much has changed to be told so, or what is known comes from elsewhere; there is no list

  /// The next one. It may be of after `now` was read: left out it would be lost, for it may hide what came before.
  void add(Message message) {
    now.last_seq = std::max(now.last_seq, message.seq);
    now.mod_seq = std::max(now.mod_seq, message.mod_seq);
    oldest_first.push_back(std::move(message));
  }
};

struct ContentChange {
  MessageId id;
  UserId author;
  std::string content;
  std::vector<UserId> mentions = {};
  std::optional<std::uint64_t> if_rev = {};  ///< the revision that the change was made for
};

struct Edited {
  Message message;
  bool changed = false;  ///< false: it was like that already, so there is nothing to tell anyone
};

/// What was said, by channel. Awaited on a shard and resumed there. A change that was answered is durable: it survives
/// the loss of power. Where the answer is no Result, throws StoreUnavailable.
class MessageStore {
 public:
  virtual ~MessageStore() = default;

  /// Gives the message the channel's next seq. The same sender, client_msg_id, channel and content again: duplicate.
  /// With another channel or content: idempotency_conflict. The content is not compared once the message was edited or
  /// deleted.
  virtual Task<Result<Appended, StoreError>> append(NewMessage message) = 0;
  /// A deleted one is found too, blank.
  virtual Task<std::optional<Message>> find(MessageId id) = 0;
  virtual Task<Page> page(PageQuery query) = 0;
  /// At most `limit`, from just above `since` on. Too old: more than kOldest changes, or `since` is still to come.
  virtual Task<Changes> changes(ChannelId channel, std::uint64_t since, std::size_t limit) = 0;
  /// not_found: none such, or deleted. not_author. rev_conflict, unless the content is that one already.
  virtual Task<Result<Edited, StoreError>> edit(ContentChange change) = 0;
  /// Blanks the content and keeps the place. A second time: not changed. not_found, not_author.
  virtual Task<Result<Edited, StoreError>> remove(MessageId id, UserId author) = 0;
  /// Zero: nothing was said yet, or no such channel.
  virtual Task<ChannelCounts> counts(ChannelId channel) = 0;
  /// Answers once every change that any read has shown so far has been answered to those who wait for it on this shard: a
  /// read may be faster than the answer to the change that it shows. Always true.
  virtual Task<bool> settle() = 0;

  static constexpr std::uint64_t kOldest = 10'000;  ///< changes that are told one by one
  /// How many places below the last `seq` of any channel have no message: always 0, unless there is a mistake in this program.
  virtual Task<std::uint64_t> count_holes() = 0;
};

}  // namespace atrium::storage
