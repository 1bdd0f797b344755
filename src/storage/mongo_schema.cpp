#include "storage/mongo_schema.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace atrium::storage {

namespace {

constexpr std::uint64_t kVersion = 1;
/// Tells our databases from any other.
constexpr const char* kMarks = "atrium";

struct Index {
  enum class Kind { plain, unique, unique_where_there };  ///< the last: among those documents that have the field
  const char* name;
  MongoDocument key;
  Kind kind = Kind::plain;

  MongoDocument description() const {
    MongoDocument description("key", key, "name", name);
    if (kind != Kind::plain) description.add("unique", true);
    if (kind == Kind::unique_where_there) description.add("sparse", true);
    return description;
  }
};

struct Indexes {
  const char* collection;
  std::vector<Index> indexes;
};

std::vector<Indexes> all_indexes() {
  using enum Index::Kind;
  return {
      {kUsers, {{"byAccount", {"account", 1}, unique_where_there}, {"byEmail", {"foldedEmail", 1}}}},
      {kSessions, {{"byUser", {"userId", 1, "lastUsedAt", -1}}, {"byEnd", {"expiresAt", 1}}}},
      // A token is exchanged by whoever makes the next one first.
      {kRefreshTokens, {{"bySession", {"sessionId", 1, "generation", 1}, unique}}},
      {kWorkspaces, {{"bySlug", {"slug", 1}, unique}}},
      {kWorkspaceMembers, {{"byUser", {"userId", 1}}, {"byName", {"workspaceId", 1, "foldedName", 1}}}},
      {kChannels, {{"byName", {"workspaceId", 1, "name", 1}, unique}}},
      {kChannelMembers, {{"byChannel", {"channelId", 1, "userId", 1}}, {"byUser", {"userId", 1, "workspaceId", 1}}}},
      {kChannelReads, {{"byChannel", {"channelId", 1}}}},
      {kMessages,
       // The one place where the changes of a channel get their order: see mongo_history.h.
       {{"byChange", {"channelId", 1, "at", 1}, unique},
        {"bySeq", {"channelId", 1, "seq", 1}},
        {"byModSeq", {"channelId", 1, "modSeq", 1}},
        {"byClientId", {"clientKey", 1}, unique_where_there},
        {"bySender", {"channelId", 1, "senderId", 1, "seq", 1}},
        {"byDeleted", {"channelId", 1, "deleted", 1, "seq", 1}}}},
  };
}

void make_missing(MongoConnection& db, const Indexes& wanted) {
  const auto there = db.index_names(wanted.collection);
  std::vector<MongoDocument> missing;
  for (const Index& index : wanted.indexes) {
    if (!there.contains(index.name)) missing.push_back(index.description());
  }
  if (!missing.empty()) db.run({"createIndexes", wanted.collection, "indexes", missing});
}

}  // namespace

std::optional<std::string> prepare_schema(MongoConnection& db) {
  const MongoDocument schema("_id", "schema");
  auto mark = db.find_one(kMarks, schema);
  if (!mark && !db.empty()) {
    // Another node may begin in this moment: it sets the mark first, and most replicas have it soon.
    for (int i = 0; i < 10 && !mark; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      mark = db.find_one(kMarks, schema);
    }
    if (!mark) return "belongs to another program: name a new database";
  }
  if (!mark) db.insert(kMarks, {"_id", "schema", "version", kVersion});
  const std::uint64_t version = mark ? mark->counter("version") : kVersion;
  if (version > kVersion) {
    return fmt::format("was written by a newer Atrium (schema {}, this one knows {}): run that one, or name another database",
                       version, kVersion);
  }
  for (const Indexes& wanted : all_indexes()) make_missing(db, wanted);
  return std::nullopt;
}

std::string pair_id(const std::string& one, const std::string& other) { return std::to_string(one.size()) + ":" + one + other; }

std::string folded(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace atrium::storage
