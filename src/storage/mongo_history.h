#pragma once

#include <string>
#include <utility>

#include "storage/message_store.h"
#include "storage/mongo_connection.h"

namespace atrium::storage {

// The history of a channel in MongoDB: one document of `messages` for each change, numbered by `at`, which is the channel's
// mod_seq: 1, 2, 3, ... A new message is its own change. An edit or a deletion is a document beside it that names the message
// as its `target`; it holds what is to be written there, as `change`, until that has been done. The unique index of
// (channelId, at) is the one place where nodes meet: whoever has read that n changes are there, and makes the one of n + 1
// first, comes next, whatever else fails later; the other ones look again. A number once taken is never free again, so what
// has been read at n has no change at n or below still to come. See docs/decisions/mongo-seq.md.

/// How much has happened, and nothing of it is still to be written: a change whose maker failed half-way is completed here.
/// Zeros where nothing was said yet.
ChannelCounts settled_counts(MongoConnection& db, const ChannelId& channel);

/// What a message is stored as; its seq and mod_seq are set.
MongoDocument document_of(const Message& message);
Message message_of(const MongoRecord& record);
/// What is there once: the sender and the id that his client gave the message.
std::string client_key(const Message& message);

/// How often others were first in the same place: waits longer with each time, for their change to be seen by all. Throws
/// StoreUnavailable when it takes too long.
class MongoPatience final {
 public:
  void wait();

 private:
  unsigned times_ = 0;
};

/// `next(const ChannelCounts&)` looks at the channel and makes the change that comes after. When it answers nothing, another
/// one came before, and it is asked again with what is there then.
template <class Next>
auto make_change(MongoConnection& db, const ChannelId& channel, Next next) {
  for (MongoPatience patience;; patience.wait()) {
    if (auto answer = next(settled_counts(db, channel))) return std::move(*answer);
  }
}

/// Makes `revised`, which has its new rev and mod_seq, the channel's change after `counts`. False: another one came before.
bool revise(MongoConnection& db, const ChannelCounts& counts, const Message& revised);

}  // namespace atrium::storage
