#include "socketio/placeholder.h"

#include <boost/json/value.hpp>
#include <cstdint>

namespace atrium::socketio {

json::object placeholder(std::size_t index) { return {{"_placeholder", true}, {"num", index}}; }

bool is_placeholder(const json::object& object) {
  const json::value* marker = object.if_contains("_placeholder");
  return marker && marker->is_bool() && marker->get_bool();
}

std::optional<std::size_t> attachment_index(const json::object& object, std::size_t count) {
  if (!is_placeholder(object)) return std::nullopt;
  const json::value* index = object.if_contains("num");
  if (!index) return std::nullopt;
  boost::system::error_code not_a_count;
  const auto number = index->to_number<std::uint64_t>(not_a_count);
  if (not_a_count || number >= count) return std::nullopt;
  return static_cast<std::size_t>(number);
}

}  // namespace atrium::socketio
