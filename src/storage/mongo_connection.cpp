#include "storage/mongo_connection.h"

#include "storage/store_error.h"

namespace atrium::storage {

namespace {

/// Documents of a removal's step.
constexpr std::uint64_t kStep = 1000;

bool is_taken(const bson_error_t& error) { return error.code == MONGOC_ERROR_DUPLICATE_KEY; }

/// https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
constexpr std::uint32_t kUnauthorized = 13;
constexpr std::uint32_t kAuthenticationFailed = 18;

MongoFailure failure_of(const bson_error_t& error) {
  switch (error.domain) {
    case MONGOC_ERROR_CLIENT:
      return error.code == MONGOC_ERROR_CLIENT_AUTHENTICATE ? MongoFailure::denied : MongoFailure::refused;
    case MONGOC_ERROR_STREAM:
      return MongoFailure::lost;
    case MONGOC_ERROR_SERVER_SELECTION:
      return MongoFailure::unreachable;
    default:
      return error.code == kUnauthorized || error.code == kAuthenticationFailed ? MongoFailure::denied : MongoFailure::refused;
  }
}

/// What the driver told of a change.
class Reply final {
 public:
  Reply() { bson_init(&reply_); }
  ~Reply() { bson_destroy(&reply_); }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  /// For the driver, which writes it anew.
  bson_t* out() {
    bson_destroy(&reply_);
    return &reply_;
  }
  std::uint64_t counter(const char* field) const { return MongoRecord(reply_).counter(field); }

 private:
  bson_t reply_;
};

}  // namespace

MongoConnection::MongoConnection(mongoc_client_pool_t& pool, const std::string& database)
    : database_(database), client_(mongoc_client_pool_pop(&pool), GiveBack{&pool}) {}

mongoc_collection_t* MongoConnection::open(const char* collection) {
  auto& opened = collections_[collection];
  if (!opened) opened.reset(mongoc_client_get_collection(client_.get(), database_.c_str(), collection));
  return opened.get();
}

void MongoConnection::refuse(const bson_error_t& error) {
  failure_ = failure_of(error);
  throw StoreUnavailable(error.message);
}

template <class Update>
MongoChanged MongoConnection::changed_by(Update update) {
  Reply reply;
  bson_error_t error{};
  if (update(reply.out(), &error)) {
    return {.matched = reply.counter("matchedCount"), .modified = reply.counter("modifiedCount")};
  }
  if (!is_taken(error)) refuse(error);
  return {.taken = true};
}

std::vector<MongoRecord> MongoConnection::find(const char* collection, const MongoDocument& filter, const MongoFind& how) {
  MongoDocument options;
  if (!bson_empty(how.sort.get())) options.add("sort", how.sort);
  if (how.limit > 0) options.add("limit", how.limit);
  if (how.skip > 0) options.add("skip", how.skip);
  if (how.only_ids) options.add("projection", MongoDocument("_id", 1));
  return all_of(mongoc_collection_find_with_opts(open(collection), filter.get(), options.get(), nullptr));
}

std::vector<MongoRecord> MongoConnection::all_of(mongoc_cursor_t* found) {
  const std::unique_ptr<mongoc_cursor_t, decltype(&mongoc_cursor_destroy)> cursor(found, &mongoc_cursor_destroy);
  std::vector<MongoRecord> records;
  const bson_t* record = nullptr;
  while (mongoc_cursor_next(cursor.get(), &record)) records.emplace_back(*record);
  bson_error_t error{};
  if (mongoc_cursor_error(cursor.get(), &error)) refuse(error);
  return records;
}

std::optional<MongoRecord> MongoConnection::find_one(const char* collection, const MongoDocument& filter,
                                                     const MongoDocument& sort) {
  auto found = find(collection, filter, {.sort = sort, .limit = 1});
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::uint64_t MongoConnection::count(const char* collection, const MongoDocument& filter, std::uint64_t at_most) {
  MongoDocument options;
  if (at_most > 0) options.add("limit", at_most);
  bson_error_t error{};
  const std::int64_t count =
      mongoc_collection_count_documents(open(collection), filter.get(), options.get(), nullptr, nullptr, &error);
  if (count < 0) refuse(error);
  return static_cast<std::uint64_t>(count);
}

bool MongoConnection::insert(const char* collection, const MongoDocument& document) {
  bson_error_t error{};
  if (mongoc_collection_insert_one(open(collection), document.get(), nullptr, nullptr, &error)) return true;
  if (!is_taken(error)) refuse(error);
  return false;
}

MongoChanged MongoConnection::update_one(const char* collection, const MongoDocument& filter, const MongoDocument& change) {
  return changed_by([&](bson_t* reply, bson_error_t* error) {
    return mongoc_collection_update_one(open(collection), filter.get(), change.get(), nullptr, reply, error);
  });
}

MongoChanged MongoConnection::update_many(const char* collection, const MongoDocument& filter, const MongoDocument& change) {
  return changed_by([&](bson_t* reply, bson_error_t* error) {
    return mongoc_collection_update_many(open(collection), filter.get(), change.get(), nullptr, reply, error);
  });
}

std::uint64_t MongoConnection::upsert_each(const char* collection,
                                           const std::vector<std::pair<MongoDocument, MongoDocument>>& changes) {
  if (changes.empty()) return 0;
  const MongoDocument unordered("ordered", false);
  const MongoDocument upsert("upsert", true);
  const std::unique_ptr<mongoc_bulk_operation_t, decltype(&mongoc_bulk_operation_destroy)> bulk(
      mongoc_collection_create_bulk_operation_with_opts(open(collection), unordered.get()), &mongoc_bulk_operation_destroy);
  bson_error_t error{};
  for (const auto& [filter, change] : changes) {
    if (!mongoc_bulk_operation_update_one_with_opts(bulk.get(), filter.get(), change.get(), upsert.get(), &error)) {
      refuse(error);
    }
  }
  Reply reply;
  if (mongoc_bulk_operation_execute(bulk.get(), reply.out(), &error) == 0) refuse(error);
  return reply.counter("nModified") + reply.counter("nUpserted");
}

std::uint64_t MongoConnection::remove_one(const char* collection, const MongoDocument& filter) {
  Reply reply;
  bson_error_t error{};
  if (!mongoc_collection_delete_one(open(collection), filter.get(), nullptr, reply.out(), &error)) refuse(error);
  return reply.counter("deletedCount");
}

std::uint64_t MongoConnection::remove_many(const char* collection, const MongoDocument& filter) {
  std::uint64_t removed = 0;
  for (;;) {
    std::vector<std::string> ids;
    for (const MongoRecord& record : find(collection, filter, {.limit = kStep, .only_ids = true}))
      ids.push_back(record.text("_id"));
    if (ids.empty()) return removed;
    const std::vector<MongoDocument> both{filter, MongoDocument("_id", MongoDocument("$in", ids))};
    Reply reply;
    bson_error_t error{};
    if (!mongoc_collection_delete_many(open(collection), MongoDocument("$and", both).get(), nullptr, reply.out(), &error)) {
      refuse(error);
    }
    removed += reply.counter("deletedCount");
  }
}

void MongoConnection::run(const MongoDocument& command) {
  bson_error_t error{};
  if (!mongoc_client_command_simple(client_.get(), database_.c_str(), command.get(), nullptr, nullptr, &error)) refuse(error);
}

std::set<std::string> MongoConnection::index_names(const char* collection) {
  std::set<std::string> names;
  for (const MongoRecord& index : all_of(mongoc_collection_find_indexes_with_opts(open(collection), nullptr))) {
    names.insert(index.text("name"));
  }
  return names;
}

bool MongoConnection::empty() {
  const std::unique_ptr<mongoc_database_t, decltype(&mongoc_database_destroy)> database(
      mongoc_client_get_database(client_.get(), database_.c_str()), &mongoc_database_destroy);
  bson_error_t error{};
  char** names = mongoc_database_get_collection_names_with_opts(database.get(), nullptr, &error);
  if (!names) refuse(error);
  const bool empty = !names[0];
  bson_strfreev(names);
  return empty;
}

}  // namespace atrium::storage
