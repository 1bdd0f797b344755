#pragma once

#include "base/clock.h"
#include "storage/message_store.h"
#include "storage/mongo_engine.h"

namespace atrium::storage {

/// The messages in MongoDB, by the history of their channel (mongo_history.h). The changes of a channel that come from this
/// node stand in one line, so they are answered in the order of their mod_seq. Any shard; as long as the engine.
class MongoMessageStore final : public MessageStore {
 public:
  MongoMessageStore(MongoEngine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  Task<Result<Appended, StoreError>> append(NewMessage message) override;
  Task<std::optional<Message>> find(MessageId id) override;
  Task<Page> page(PageQuery query) override;
  Task<Changes> changes(ChannelId channel, std::uint64_t since, std::size_t limit) override;
  Task<Result<Edited, StoreError>> edit(ContentChange change) override;
  Task<Result<Edited, StoreError>> remove(MessageId id, UserId author) override;
  Task<ChannelCounts> counts(ChannelId channel) override;
  Task<bool> settle() override { return engine_.pass_all_lines(); }
  Task<std::uint64_t> count_holes() override;

 private:
  /// The channel of a message, which never changes.
  Task<Result<ChannelId, StoreError>> channel_of(MessageId id);

  MongoEngine& engine_;
  const Clock& clock_;
};

}  // namespace atrium::storage
