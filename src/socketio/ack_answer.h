#pragma once

#include <boost/json/array.hpp>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_function.h"
#include "socketio/packet.h"

namespace atrium::socketio {

/// Why no acknowledgement came.
enum class AckError {
  timeout,
  disconnected,   ///< the socket has gone, or was gone already
  too_many_open,  ///< the client owes so many answers that it is asked no more
};
std::string_view to_string(AckError error);

/// What a client answered: the arguments of its acknowledgement, octets beside them.
struct AckAnswer {
  json::array args;
  std::vector<Bytes> attachments;
};

using AckResult = Result<AckAnswer, AckError>;
using AckCallback = UniqueFunction<void(AckResult)>;

/// What the audience of a broadcast answered, in the order of answering.
struct AckAnswers {
  std::vector<AckAnswer> answers;
  std::size_t asked = 0;         ///< sockets that the question went to
  std::size_t silent_nodes = 0;  ///< of a cluster, that did not say in time whom they asked

  /// Everybody answered in time.
  bool complete() const { return answers.size() == asked && silent_nodes == 0; }
};

}  // namespace atrium::socketio
