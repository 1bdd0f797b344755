#include "storage/mongo_record.h"

namespace atrium::storage {

namespace {

/// False: there is no such field.
bool find(const MongoDocument& document, const char* field, bson_iter_t& at) {
  bson_iter_t top;
  return bson_iter_init(&top, document.get()) && bson_iter_find_descendant(&top, field, &at);
}

std::string text_at(const bson_iter_t& at) {
  std::uint32_t length = 0;
  const char* text = bson_iter_utf8(&at, &length);
  return text ? std::string(text, length) : std::string();
}

}  // namespace

bool MongoRecord::has(const char* field) const {
  bson_iter_t at;
  return find(document_, field, at);
}

std::string MongoRecord::text(const char* field) const {
  bson_iter_t at;
  return find(document_, field, at) ? text_at(at) : std::string();
}

std::uint64_t MongoRecord::counter(const char* field) const {
  bson_iter_t at;
  return find(document_, field, at) ? static_cast<std::uint64_t>(bson_iter_as_int64(&at)) : 0;
}

bool MongoRecord::flag(const char* field) const {
  bson_iter_t at;
  return find(document_, field, at) && bson_iter_as_bool(&at);
}

std::optional<WallTime> MongoRecord::time_if(const char* field) const {
  bson_iter_t at;
  if (!find(document_, field, at) || !BSON_ITER_HOLDS_DATE_TIME(&at)) return std::nullopt;
  return WallTime(std::chrono::milliseconds(bson_iter_date_time(&at)));
}

std::optional<MongoDocument> MongoRecord::document(const char* field) const {
  bson_iter_t at;
  if (!find(document_, field, at) || !BSON_ITER_HOLDS_DOCUMENT(&at)) return std::nullopt;
  std::uint32_t length = 0;
  const std::uint8_t* data = nullptr;
  bson_iter_document(&at, &length, &data);
  bson_t within;
  if (!bson_init_static(&within, data, length)) return std::nullopt;
  return std::make_optional<MongoDocument>(within);
}

std::vector<std::string> MongoRecord::texts(const char* field) const {
  std::vector<std::string> texts;
  bson_iter_t at;
  bson_iter_t element;
  if (!find(document_, field, at) || !bson_iter_recurse(&at, &element)) return texts;
  while (bson_iter_next(&element)) texts.push_back(text_at(element));
  return texts;
}

}  // namespace atrium::storage
