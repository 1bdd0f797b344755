#pragma once

#include <bson/bson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "storage/mongo_document.h"

namespace atrium::storage {

/// A document as the database gave it, read by the names of its fields; "a.b" is b within a. What is not there, or of another
/// type, is empty.
class MongoRecord final {
 public:
  explicit MongoRecord(const bson_t& bson) : document_(bson) {}

  bool has(const char* field) const;
  std::string text(const char* field) const;
  std::uint64_t counter(const char* field) const;
  bool flag(const char* field) const;
  WallTime time(const char* field) const { return time_if(field).value_or(WallTime{}); }
  std::optional<WallTime> time_if(const char* field) const;
  template <class Id>
  std::vector<Id> ids(const char* field) const {
    std::vector<Id> ids;
    for (std::string& text : texts(field)) ids.emplace_back(std::move(text));
    return ids;
  }
  std::optional<MongoDocument> document(const char* field) const;

 private:
  std::vector<std::string> texts(const char* field) const;

  MongoDocument document_;
};

}  // namespace atrium::storage
