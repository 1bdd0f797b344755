#include "redis/wire.h"

#include <hiredis/hiredis.h>

#include <new>

namespace atrium::redis {

namespace {

Reply to_reply(const redisReply& from) {
  const auto text = [&] { return std::string(from.str, from.len); };
  switch (from.type) {
    case REDIS_REPLY_STRING:
      return {.type = Reply::Type::text, .text = text(), .integer = 0, .parts = {}};
    case REDIS_REPLY_STATUS:
      return {.type = Reply::Type::status, .text = text(), .integer = 0, .parts = {}};
    case REDIS_REPLY_ERROR:
      return Reply::failure(text());
    case REDIS_REPLY_INTEGER:
      return {.type = Reply::Type::integer, .text = {}, .integer = from.integer, .parts = {}};
    case REDIS_REPLY_ARRAY: {
      Reply array{.type = Reply::Type::array, .text = {}, .integer = 0, .parts = {}};
      array.parts.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) array.parts.push_back(to_reply(*from.element[i]));
      return array;
    }
    default:
      return {};
  }
}

}  // namespace

std::string encode_command(std::span<const std::string_view> words) {
  std::vector<const char*> starts;
  std::vector<std::size_t> sizes;
  for (const auto word : words) {
    starts.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* octets = nullptr;
  const auto size = redisFormatCommandArgv(&octets, static_cast<int>(words.size()), starts.data(), sizes.data());
  if (size < 0) throw std::bad_alloc();
  const std::unique_ptr<char, decltype(&redisFreeCommand)> owner(octets, &redisFreeCommand);
  return std::string(octets, static_cast<std::size_t>(size));
}

void ReplyReader::Free::operator()(redisReader* reader) const { redisReaderFree(reader); }

ReplyReader::ReplyReader() : reader_(redisReaderCreate()) {
  if (!reader_) throw std::bad_alloc();
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(std::string_view octets) {
  if (redisReaderFeed(reader_.get(), octets.data(), octets.size()) != REDIS_OK) failed_ = true;
}

std::optional<Reply> ReplyReader::next() {
  void* found = nullptr;
  if (failed_ || redisReaderGetReply(reader_.get(), &found) != REDIS_OK) {
    failed_ = true;
    return std::nullopt;
  }
  if (!found) return std::nullopt;
  const std::unique_ptr<void, decltype(&freeReplyObject)> owner(found, &freeReplyObject);
  return to_reply(*static_cast<redisReply*>(found));
}

}  // namespace atrium::redis
