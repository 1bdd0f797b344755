#pragma once

#include <boost/json.hpp>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/describe.h"
#include "socketio/packet.h"
#include "socketio/placeholder.h"

namespace atrium::socketio {

/// The arguments of an event or acknowledgement on its way out: JSON, with octets beside it.
struct Outgoing {
  json::array array;
  std::vector<Bytes> attachments;

  /// Appends one argument: a described struct, whatever Boost.JSON converts, or Bytes, which travel as an attachment.
  template <class T>
  void add(const T& argument) {
    if constexpr (std::is_same_v<T, Bytes>) {
      array.push_back(placeholder(attachments.size()));
      attachments.push_back(argument);
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      array.emplace_back(json::string(std::string_view(argument)));
    } else {
      array.push_back(to_json(argument));
    }
  }

  template <class... Args>
  static Outgoing of(const Args&... args) {
    Outgoing outgoing;
    (outgoing.add(args), ...);
    return outgoing;
  }
};

}  // namespace atrium::socketio
