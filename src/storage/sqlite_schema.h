#pragma once

#include <optional>
#include <string>

#include "storage/sqlite_connection.h"

namespace atrium::storage {

/// Makes the tables of an empty database, or brings those of an older Atrium up to date, in one transaction. None when
/// all is well; else why this database cannot be used, as the end of a sentence that begins with its path. A foreign
/// database is left as it was. Throws SQLite::Exception.
std::optional<std::string> prepare_schema(SqliteConnection& connection);

}  // namespace atrium::storage
