#pragma once

#include <vector>

#include "storage/mongo_connection.h"
#include "storage/records.h"

namespace atrium::storage {

// The ends of sessions. A session goes before its tokens, which mean nothing without it.

/// False: the user has no such session.
bool end_session(MongoConnection& db, const UserId& user, const SessionId& session);
/// Those that were ended.
std::vector<SessionId> end_sessions(MongoConnection& db, const UserId& user);

}  // namespace atrium::storage
