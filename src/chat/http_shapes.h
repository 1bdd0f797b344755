#pragma once

#include <boost/json.hpp>

#include "chat/events.h"
#include "storage/records.h"

namespace atrium::chat {

namespace json = boost::json;

/// How records look to HTTP clients; those of the original application find what they know.
json::object to_shape(const storage::User& user);
json::object to_shape(const storage::Workspace& workspace);
json::object to_shape(const storage::WorkspaceMember& member);
json::object to_shape(const storage::Channel& channel);
json::object to_shape(const storage::Message& message);

template <class Record>
json::array to_shapes(const std::vector<Record>& records) {
  json::array shapes;
  for (const Record& record : records) shapes.push_back(to_shape(record));
  return shapes;
}

}  // namespace atrium::chat
