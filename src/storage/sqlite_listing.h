#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/listing.h"
#include "storage/sqlite_query.h"

namespace atrium::storage {

/// A list in SQL. All of it is written in this program; what comes from outside is bound.
struct SqlList {
  std::string_view columns;
  std::string_view from;
  std::string_view where;  ///< ?1, ?2, ... are the keys of the list
  std::span<const ListField> fields;
  std::span<const std::string_view> expressions;  ///< one for each field
  std::string_view order;                         ///< unless the query says another
  std::string_view tie;                           ///< what tells rows apart that are equal by it
};

/// The statements that a query makes of a list, with what is bound to them.
struct SqlPage {
  std::string rows;
  std::string count;
  std::vector<ListValue> values;
};
SqlPage sql_of(const SqlList& list, std::vector<ListValue> keys, const ListQuery& query);

/// One page. `record_of(const SqliteQuery&)` reads a row.
template <class RecordOf>
auto read_list(SqliteConnection& db, const SqlList& list, std::vector<ListValue> keys, const ListQuery& query,
               RecordOf record_of) {
  const SqlPage page = sql_of(list, std::move(keys), query);
  Listed<decltype(record_of(std::declval<const SqliteQuery&>()))> listed;
  // Any combination of filters may be asked for once: none of these is kept prepared.
  SqliteQuery rows(db.once(page.rows), page.values);
  while (rows.next()) {
    if (listed.records.size() == query.limit) {
      listed.has_next = true;
      break;
    }
    listed.records.push_back(record_of(rows));
  }
  SqliteQuery count(db.once(page.count), page.values);
  if (count.next()) listed.total = count.counter(0);
  return listed;
}

}  // namespace atrium::storage
