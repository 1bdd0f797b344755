#pragma once

#include <string>

#include "storage/ids.h"

namespace atrium::storage {

/// The name of the one direct channel of two: the same whoever asks, and none that another channel can have, for those are
/// told in a-z, 0-9 and '-'.
std::string direct_name(const UserId& one, const UserId& other);

}  // namespace atrium::storage
