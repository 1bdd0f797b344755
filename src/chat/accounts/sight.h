#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chat/nodes/handover.h"
#include "storage/ids.h"

namespace atrium::chat {

/// What a client sees of the others: how things stand on its node, and on top of that what it is told. A pure value.
class Sight final {
 public:
  /// `rooms`: those in which it is.
  explicit Sight(const std::vector<std::string>& rooms);

  void add(handover::Channel channel);
  void add(std::vector<std::string> online) { view_.online = std::move(online); }
  /// The workspaces whose presence it is told change by change.
  const std::vector<storage::WorkspaceId>& presence() const { return presence_; }
  /// It hears the event, an array that begins with the name.
  void tell(const json::array& event);
  handover::View take() { return std::move(view_); }

 private:
  void tell_of_channel(std::string_view name, const json::object& event);

  std::vector<storage::WorkspaceId> presence_;
  handover::View view_;
};

}  // namespace atrium::chat
