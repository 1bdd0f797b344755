#pragma once

#include <span>
#include <utility>
#include <vector>

#include "storage/listing.h"
#include "storage/mongo_connection.h"

namespace atrium::storage {

/// A list in MongoDB: documents of one collection.
struct MongoList {
  const char* collection;
  std::span<const ListField> fields;
  std::span<const char* const> names;  ///< as they are stored, one for each field
  const char* order;                   ///< unless the query says another
  const char* tie;                     ///< what tells documents apart that are equal by it
};

/// What a query finds in a list, beside `filter`, which says whose list it is.
MongoDocument filter_of(const MongoList& list, const MongoDocument& filter, const ListQuery& query);
MongoDocument sort_of(const MongoList& list, const ListQuery& query);

/// One page. `record_of(const MongoRecord&)` reads a document.
template <class RecordOf>
auto read_list(MongoConnection& db, const MongoList& list, const MongoDocument& of, const ListQuery& query,
               RecordOf record_of) {
  Listed<decltype(record_of(std::declval<const MongoRecord&>()))> listed;
  const MongoDocument filter = filter_of(list, of, query);
  // One more than asked for tells whether there are more.
  const MongoFind page{.sort = sort_of(list, query), .limit = query.limit + 1, .skip = (query.page - 1) * query.limit};
  const auto records = db.find(list.collection, filter, page);
  listed.has_next = records.size() > query.limit;
  for (const MongoRecord& record : records) {
    if (listed.records.size() < query.limit) listed.records.push_back(record_of(record));
  }
  listed.total = db.count(list.collection, filter, kCountAtMost);
  return listed;
}

}  // namespace atrium::storage
