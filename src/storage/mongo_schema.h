#pragma once

#include <optional>
#include <string>

#include "storage/ids.h"
#include "storage/mongo_connection.h"

namespace atrium::storage {

// The collections of a MongoDB and what is found in them by index. Every _id is a text.

inline constexpr const char* kUsers = "users";
inline constexpr const char* kSessions = "sessions";
inline constexpr const char* kRefreshTokens = "refreshTokens";
inline constexpr const char* kWorkspaces = "workspaces";
inline constexpr const char* kWorkspaceMembers = "workspaceMembers";
inline constexpr const char* kChannels = "channels";
inline constexpr const char* kChannelMembers = "channelMembers";
inline constexpr const char* kChannelReads = "channelReads";
inline constexpr const char* kMessages = "messages";  ///< see MongoHistory
inline constexpr const char* kUserPresence = "userPresence";
inline constexpr const char* kRemovals = "removals";  ///< see mongo_removals.h

/// Makes what is missing. None when all is well, else the end of a sentence that says how to mend it.
std::optional<std::string> prepare_schema(MongoConnection& db);

/// The _id of what is there once for two: no two pairs have the same.
std::string pair_id(const std::string& one, const std::string& other);

/// Lower case of the letters A to Z, as names and addresses are compared.
std::string folded(std::string text);

}  // namespace atrium::storage
