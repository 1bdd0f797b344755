#include "storage/sqlite_query.h"

#include <SQLiteCpp/Exception.h>

#include <limits>

#include "base/log.h"

namespace atrium::storage {

SqliteQuery::~SqliteQuery() {
  // Its result is that of the last step, which has been thrown already.
  statement_.tryReset();
  try {
    statement_.clearBindings();
  } catch (const SQLite::Exception& error) {
    log::error("storage: a statement keeps its values: {}", error.what());
  }
}

void SqliteQuery::bind(std::uint64_t value) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  bind(static_cast<std::int64_t>(value < kMost ? value : kMost));
}

}  // namespace atrium::storage
