#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

struct sqlite3;

namespace atrium::storage {

/// One connection to an SQLite database with the statements it has prepared. Used by one thread at a time. Everything
/// here throws SQLite::Exception.
class SqliteConnection final {
 public:
  enum class Access : std::uint8_t { read_write, read_only };

  /// `path`: a file, made when missing, or ":memory:".
  SqliteConnection(const std::string& path, Access access);

  /// Prepared at the first call, then kept. For SqliteQuery, which gives it back reset.
  SQLite::Statement& prepared(std::string_view sql);

  /// For what is asked in ever other words: nothing is kept.
  SQLite::Statement once(const std::string& sql) { return {database_, sql}; }

  /// A statement without values or answer, or a script of them.
  void execute(const std::string& sql) { database_.exec(sql); }
  std::int64_t number(const std::string& sql) { return database_.execAndGet(sql).getInt64(); }
  std::string text(const std::string& sql) { return database_.execAndGet(sql).getString(); }

  /// False also after an error that made SQLite roll back by itself.
  bool in_transaction() const;
  /// SQLite opens a file that cannot be written without a word.
  bool writable() const;

 private:
  SQLite::Database database_;
  std::map<std::string, SQLite::Statement, std::less<>> statements_;
};

}  // namespace atrium::storage
