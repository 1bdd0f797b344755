#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace atrium::socketio {

namespace json = boost::json;

/// Appends MessagePack (msgpack_codec.h) to a string that it borrows, each value in its shortest form. After array(n), n values
/// must follow; after map(n), n times a key and a value. No string, array or map has more than 2^32 - 1 parts.
class MsgpackWriter final {
 public:
  explicit MsgpackWriter(std::string& to) : to_(to) {}

  void nil();
  void boolean(bool value);
  void integer(std::uint64_t value);
  void integer(std::int64_t value);
  /// As an integer where it is one of 64 bits, as JavaScript does, which has no other numbers; else as float64.
  void number(double value);
  void string(std::string_view utf8);
  void octets(std::string_view octets);
  void array(std::size_t size);
  void map(std::size_t size);

  /// `value`, with attachments[i] in the place of the first placeholder that names it. Other placeholders are objects like any
  /// other: a peer that names one large attachment a thousand times gets no message of a thousand times its size. Recurses
  /// as deep as the value is.
  void value(const json::value& value, std::span<const Bytes> attachments = {});
  void value(const json::array& array, std::span<const Bytes> attachments = {});

 private:
  std::string& to_;
};

}  // namespace atrium::socketio
