#pragma once

#include "base/string_id.h"

namespace atrium::chat {

/// One run of another node's program.
using NodeId = StringId<struct NodeTag>;

}  // namespace atrium::chat
