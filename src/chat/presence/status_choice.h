#pragma once

#include "chat/events/presence_events.h"
#include "chat/failure.h"
#include "chat/presence/presence_tracker.h"
#include "storage/presence_store.h"

// How a chosen status is asked for, stored, tracked and told.

namespace atrium::chat {

/// What is wrong with the request names its field.
Outcome<storage::ChosenStatus> to_stored(const storage::UserId& user, const events::StatusRequest& wanted, WallTime now);

std::optional<PresenceTracker::Choice> to_choice(const storage::ChosenStatus& stored, const Clock& clock);

events::OwnStatus to_own_status(const std::optional<PresenceTracker::Choice>& choice);

}  // namespace atrium::chat
