#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/string_id.h"
#include "storage/listing.h"
#include "storage/sqlite_connection.h"

namespace atrium::storage {

/// One use of a prepared statement. While it lives it holds what it reads, so it is made, read and destroyed within one
/// piece of work. Text is borrowed: the values outlive the query. Throws SQLite::Exception.
class SqliteQuery final {
 public:
  /// `values` stand for ?1, ?2, ...
  template <class... Values>
  SqliteQuery(SqliteConnection& connection, std::string_view sql, const Values&... values)
      : statement_(connection.prepared(sql)) {
    (bind(values), ...);
  }
  /// Of a statement that is used this once.
  SqliteQuery(SQLite::Statement once, const std::vector<ListValue>& values) : own_(std::move(once)), statement_(*own_) {
    for (const ListValue& value : values) std::visit([this](const auto& bound) { bind(bound); }, value);
  }
  ~SqliteQuery();
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  /// Goes to the next row; false when there is none.
  bool next() { return statement_.executeStep(); }
  /// Runs a change to its end; how many rows it changed.
  int change() { return statement_.exec(); }

  // Of the current row, by column from 0.
  std::string text(int column) const { return statement_.getColumn(column).getString(); }
  std::int64_t integer(int column) const { return statement_.getColumn(column).getInt64(); }
  std::uint64_t counter(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  WallTime time(int column) const { return WallTime(WallTime::duration(integer(column))); }

 private:
  void bind(const std::string& text) { statement_.bindNoCopy(++bound_, text); }
  void bind(std::string_view word) { statement_.bind(++bound_, std::string(word)); }
  void bind(std::int64_t value) { statement_.bind(++bound_, value); }
  /// SQLite's integers end at 2^63 - 1, which no counter of ours reaches.
  void bind(std::uint64_t value);
  void bind(WallTime time) { bind(static_cast<std::int64_t>(time.time_since_epoch().count())); }
  template <class Tag>
  void bind(const StringId<Tag>& id) {
    bind(id.value);
  }

  std::optional<SQLite::Statement> own_;
  SQLite::Statement& statement_;
  int bound_ = 0;
};

}  // namespace atrium::storage
