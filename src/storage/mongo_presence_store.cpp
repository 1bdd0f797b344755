#include "storage/mongo_presence_store.h"

#include "storage/mongo_schema.h"

namespace atrium::storage {

Task<std::size_t> MongoPresenceStore::save_last_seen(std::vector<LastSeen> users) {
  return engine_.run([users = std::move(users)](MongoConnection& db) {
    std::vector<std::pair<MongoDocument, MongoDocument>> changes;
    for (const LastSeen& seen : users) {
      changes.emplace_back(MongoDocument("_id", seen.user), MongoDocument("$max", MongoDocument("lastSeen", seen.at)));
    }
    return static_cast<std::size_t>(db.upsert_each(kUserPresence, changes));
  });
}

Task<std::map<UserId, WallTime>> MongoPresenceStore::last_seen(std::vector<UserId> users) {
  return engine_.run([users = std::move(users)](MongoConnection& db) {
    std::map<UserId, WallTime> seen;
    for (const MongoRecord& record : db.find(kUserPresence, {"_id", MongoDocument("$in", users)})) {
      if (const auto at = record.time_if("lastSeen")) seen.emplace(UserId(record.text("_id")), *at);
    }
    return seen;
  });
}

Task<bool> MongoPresenceStore::choose(ChosenStatus choice) {
  const std::string line = choice.user.value;
  return engine_.run_in_line(line, [choice = std::move(choice)](MongoConnection& db) {
    MongoDocument set("status", choice.status);
    MongoDocument change;
    if (choice.until) {
      change.add("$set", set.add("until", *choice.until));
    } else {
      change.add("$set", set, "$unset", MongoDocument("until", ""));
    }
    db.upsert_each(kUserPresence, {{MongoDocument("_id", choice.user), change}});
    return true;
  });
}

Task<std::vector<ChosenStatus>> MongoPresenceStore::choices(WallTime now) {
  return engine_.run([now](MongoConnection& db) {
    const std::vector<MongoDocument> in_force{{"until", MongoDocument("$exists", false)}, {"until", MongoDocument("$gt", now)}};
    const MongoDocument filter("status", MongoDocument("$gt", ""), "$or", in_force);
    std::vector<ChosenStatus> choices;
    for (const MongoRecord& record : db.find(kUserPresence, filter, {.sort = {"_id", 1}})) {
      choices.push_back(
          {.user = UserId(record.text("_id")), .status = record.text("status"), .until = record.time_if("until")});
    }
    return choices;
  });
}

}  // namespace atrium::storage
