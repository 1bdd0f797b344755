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
  Task<Result<Edited, StoreError>> edit(MessageId id, UserId author, std::string content) override;
  Task<Result<Edited, StoreError>> remove(MessageId id, UserId author) override;
  Task<std::uint64_t> last_seq(ChannelId channel) override;
  Task<std::uint64_t> count_holes() override;

 private:
  SqliteEngine& engine_;
  const Clock& clock_;
};

}  // namespace atrium::storage
