#pragma once

#include <optional>
#include <vector>

#include "storage/mongo_connection.h"
#include "storage/records.h"

namespace atrium::storage {

// Removals of what holds much. A note of it is made first, and goes last; then what is removed goes before all it holds, so
// nobody finds his way into what is half there. A removal that was cut short is finished by finish_removals().

/// With its members, its messages and how far they were read. False: no such channel.
bool remove_channel(MongoConnection& db, const ChannelId& channel);
/// With its memberships and its channels, which are the answer. None: no such workspace.
std::optional<std::vector<ChannelId>> remove_workspace(MongoConnection& db, const WorkspaceId& workspace);

/// Before something is made under an id that was perhaps another's: what is left of that one goes now, for it would take the
/// new one along later.
void make_room_for(MongoConnection& db, const ChannelId& channel);
void make_room_for(MongoConnection& db, const WorkspaceId& workspace);

/// Whether there were any to finish.
bool finish_removals(MongoConnection& db);

}  // namespace atrium::storage
