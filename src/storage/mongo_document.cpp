#include "storage/mongo_document.h"

#include <algorithm>
#include <limits>

namespace atrium::storage {

MongoDocument& MongoDocument::operator=(const MongoDocument& other) {
  if (this == &other) return *this;
  bson_destroy(&bson_);
  bson_copy_to(&other.bson_, &bson_);
  return *this;
}

void MongoDocument::append(const char* key, std::string_view text) {
  bson_append_utf8(&bson_, key, -1, text.data(), static_cast<int>(text.size()));
}

void MongoDocument::append(const char* key, std::uint64_t count) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  append(key, static_cast<std::int64_t>(std::min(count, kMost)));
}

}  // namespace atrium::storage
