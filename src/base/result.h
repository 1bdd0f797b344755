#pragma once

#include <boost/system/result.hpp>

namespace atrium {

/// Either a value or the peer's mistake, as an error of the folder that found it. Never an exception: a bad packet is an
/// everyday thing. Test with has_value(), then `*result` or `result.error()`.
template <class T, class E>
using Result = boost::system::result<T, E>;

}  // namespace atrium
