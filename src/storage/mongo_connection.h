#pragma once

#include <mongoc/mongoc.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/mongo_document.h"
#include "storage/mongo_record.h"

namespace atrium::storage {

/// What is found, how.
struct MongoFind {
  MongoDocument sort = {};  ///< empty: in any order
  std::uint64_t limit = 0;  ///< 0: none
  std::uint64_t skip = 0;
  bool only_ids = false;  ///< nothing but _id of each
};

/// What became of a change.
struct MongoChanged {
  std::uint64_t matched = 0;   ///< documents that the filter found
  std::uint64_t modified = 0;  ///< those that are different now
  bool taken = false;          ///< nothing was changed: a unique index has such an entry already
};

/// Why the last thing that was asked of a server failed.
enum class MongoFailure : std::uint8_t {
  none,
  unreachable,  ///< there is none that could be asked: it was looked for, in vain
  lost,         ///< it was asked, but did not answer
  denied,       ///< it does not let this user in, or not do that
  refused,      ///< it does not do that
};

/// One client of a MongoDB and the database it works on. Used by one thread at a time. Everything here throws
/// StoreUnavailable when the server cannot be asked or refuses; whether a change was made is then unknown.
class MongoConnection final {
 public:
  /// Takes a client out of `pool`, which outlives this and gets it back.
  MongoConnection(mongoc_client_pool_t& pool, const std::string& database);

  std::vector<MongoRecord> find(const char* collection, const MongoDocument& filter, const MongoFind& how = {});
  std::optional<MongoRecord> find_one(const char* collection, const MongoDocument& filter, const MongoDocument& sort = {});
  bool exists(const char* collection, const MongoDocument& filter) { return find_one(collection, filter).has_value(); }
  /// Counts no further than `at_most`.
  std::uint64_t count(const char* collection, const MongoDocument& filter, std::uint64_t at_most = 0);

  /// False: a unique index has such an entry already.
  bool insert(const char* collection, const MongoDocument& document);
  MongoChanged update_one(const char* collection, const MongoDocument& filter, const MongoDocument& change);
  MongoChanged update_many(const char* collection, const MongoDocument& filter, const MongoDocument& change);
  /// Each change to the one document its filter finds, or to a new one. How many there were changed or made.
  std::uint64_t upsert_each(const char* collection, const std::vector<std::pair<MongoDocument, MongoDocument>>& changes);
  std::uint64_t remove_one(const char* collection, const MongoDocument& filter);
  /// Bit by bit, so that none of the steps takes longer than an answer may. The ids are texts.
  std::uint64_t remove_many(const char* collection, const MongoDocument& filter);

  void run(const MongoDocument& command);
  std::set<std::string> index_names(const char* collection);
  /// Whether there is anything in the database.
  bool empty();

  /// Of the last call that threw; told once.
  MongoFailure take_failure() { return std::exchange(failure_, MongoFailure::none); }

 private:
  struct GiveBack {
    mongoc_client_pool_t* pool;
    void operator()(mongoc_client_t* client) const { mongoc_client_pool_push(pool, client); }
  };
  struct Destroy {
    void operator()(mongoc_collection_t* collection) const { mongoc_collection_destroy(collection); }
  };

  mongoc_collection_t* open(const char* collection);
  /// Takes the cursor over.
  std::vector<MongoRecord> all_of(mongoc_cursor_t* found);
  template <class Update>
  MongoChanged changed_by(Update update);
  [[noreturn]] void refuse(const bson_error_t& error);

  const std::string database_;
  const std::unique_ptr<mongoc_client_t, GiveBack> client_;
  std::map<std::string, std::unique_ptr<mongoc_collection_t, Destroy>, std::less<>> collections_;
  MongoFailure failure_ = MongoFailure::none;
};

}  // namespace atrium::storage
