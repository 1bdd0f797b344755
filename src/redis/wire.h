#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "redis/reply.h"

struct redisReader;

// The protocol that Redis speaks (RESP 2), by hiredis' formatter and reader. No I/O; any one thread.

namespace atrium::redis {

/// A command, each of its words in octets.
std::string encode_command(std::span<const std::string_view> words);

/// Replies out of the octets of one connection. feed(), then next() until none.
class ReplyReader final {
 public:
  ReplyReader();
  ~ReplyReader();

  void feed(std::string_view octets);
  /// None when more octets are needed, and from the first that are no reply on.
  std::optional<Reply> next();
  bool failed() const { return failed_; }

 private:
  struct Free {
    void operator()(redisReader* reader) const;
  };
  std::unique_ptr<redisReader, Free> reader_;
  bool failed_ = false;
};

}  // namespace atrium::redis
