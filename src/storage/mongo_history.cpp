#include "storage/mongo_history.h"

#include <chrono>
#include <random>
#include <thread>

#include "storage/mongo_schema.h"
#include "storage/store_error.h"

namespace atrium::storage {

namespace {

/// Seconds in all: nodes that write one channel at the same time come next by turns, each of which takes milliseconds.
constexpr unsigned kMostTimes = 200;
constexpr unsigned kLongestWaitMs = 50;

MongoDocument newest_first() { return {"at", -1}; }

/// Writes what `correction` holds to its message, should that not have been done.
void complete(MongoConnection& db, const MongoRecord& correction) {
  const auto change = correction.document("change");
  if (!change) return;
  const MongoDocument not_yet("$lt", correction.counter("at"));
  db.update_one(kMessages, {"_id", correction.text("target"), "modSeq", not_yet}, {"$set", *change});
  // What was said before stays nowhere: not once it has been deleted.
  db.update_one(kMessages, {"_id", correction.text("_id")}, {"$unset", MongoDocument("change", "")});
}

/// What an edit or a deletion may change.
MongoDocument change_of(const Message& revised) {
  return {"content", revised.content, "mentions",  revised.mentions,   "rev",    revised.rev,    "edited", revised.edited,
          "deleted", revised.deleted, "updatedAt", revised.updated_at, "modSeq", revised.mod_seq};
}

}  // namespace

ChannelCounts settled_counts(MongoConnection& db, const ChannelId& channel) {
  const auto newest = db.find_one(kMessages, {"channelId", channel}, newest_first());
  if (!newest) return {};
  complete(db, *newest);
  return {.last_seq = newest->counter("lastSeq"), .mod_seq = newest->counter("at")};
}

MongoDocument document_of(const Message& message) {
  MongoDocument document("_id", message.id, "channelId", message.channel, "at", message.created_mod_seq, "lastSeq", message.seq,
                         "seq", message.seq, "senderId", message.sender, "senderName", message.sender_name, "createdAt",
                         message.created_at);
  if (!message.client_msg_id.empty()) {
    document.add("clientMsgId", message.client_msg_id, "clientKey", client_key(message));
  }
  document.add("content", message.content, "mentions", message.mentions, "rev", message.rev, "edited", message.edited,
               "deleted", message.deleted, "updatedAt", message.updated_at, "modSeq", message.mod_seq);
  return document;
}

Message message_of(const MongoRecord& record) {
  return {.id = MessageId(record.text("_id")),
          .channel = ChannelId(record.text("channelId")),
          .sender = UserId(record.text("senderId")),
          .sender_name = record.text("senderName"),
          .content = record.text("content"),
          .client_msg_id = record.text("clientMsgId"),
          .seq = record.counter("seq"),
          .rev = record.counter("rev"),
          .mod_seq = record.counter("modSeq"),
          .created_mod_seq = record.counter("at"),
          .mentions = record.ids<UserId>("mentions"),
          .edited = record.flag("edited"),
          .deleted = record.flag("deleted"),
          .created_at = record.time("createdAt"),
          .updated_at = record.time("updatedAt")};
}

std::string client_key(const Message& message) { return pair_id(message.sender.value, message.client_msg_id); }

void MongoPatience::wait() {
  if (++times_ > kMostTimes) throw StoreUnavailable("others are first in this channel again and again");
  thread_local std::minstd_rand random(std::random_device{}());
  // The first time the other one has just been seen.
  const unsigned most = std::min(times_ - 1, kLongestWaitMs);
  std::this_thread::sleep_for(std::chrono::milliseconds(most > 0 ? random() % (most + 1) : 0));
}

bool revise(MongoConnection& db, const ChannelCounts& counts, const Message& revised) {
  const std::uint64_t at = counts.mod_seq + 1;
  const std::string id = pair_id(revised.channel.value, std::to_string(at));
  const MongoDocument correction("_id", id, "channelId", revised.channel, "at", at, "lastSeq", counts.last_seq, "target",
                                 revised.id, "change", change_of(revised));
  if (!db.insert(kMessages, correction)) return false;
  complete(db, MongoRecord(*correction.get()));
  return true;
}

}  // namespace atrium::storage
