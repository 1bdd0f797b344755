#pragma once

#include "base/string_id.h"

namespace atrium::storage {

using UserId = StringId<struct UserTag>;
using WorkspaceId = StringId<struct WorkspaceTag>;
using ChannelId = StringId<struct ChannelTag>;
using MessageId = StringId<struct MessageTag>;
using SessionId = StringId<struct SessionTag>;

}  // namespace atrium::storage
