#pragma once

#include "base/clock.h"
#include "storage/message_store.h"
#include "storage/sqlite_engine.h"

namespace atrium::storage {

/// The messages in SQLite. Any shard; as long as the engine.
class SqliteMessageStore final : public MessageStore {
 public:
  SqliteMessageStore(SqliteEngine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  Task<Result<Appended, StoreError>> append(NewMessage message) override;
  Task<std::optional<Message>> find(MessageId id) override;
  Task<Page> page(PageQuery query) override;
  Task<Changes> changes(ChannelId channel, std::uint64_t since, std::size_t limit) override;
  Task<Result<Edited, StoreError>> edit(ContentChange change) override;
  Task<Result<Edited, StoreError>> remove(MessageId id, UserId author) override;
  Task<ChannelCounts> counts(ChannelId channel) override;
  Task<bool> settle() override;
  Task<std::uint64_t> count_holes() override;

 private:
  SqliteEngine& engine_;
  const Clock& clock_;
};

}  // namespace atrium::storage
