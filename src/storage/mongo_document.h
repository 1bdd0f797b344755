#pragma once

#include <bson/bson.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/string_id.h"

namespace atrium::storage {

/// A BSON document: a record to store, a filter, a change. Written as its keys and values in turn. Keys are words of this
/// program; what comes from outside is only ever a value, and a text stays a text, so nothing in it becomes an operator.
class MongoDocument final {
 public:
  MongoDocument() { bson_init(&bson_); }
  template <class Value, class... Rest>
  MongoDocument(const char* key, const Value& value, const Rest&... rest) : MongoDocument() {
    add(key, value, rest...);
  }
  /// A copy of what the driver holds.
  explicit MongoDocument(const bson_t& bson) { bson_copy_to(&bson, &bson_); }
  MongoDocument(const MongoDocument& other) : MongoDocument(other.bson_) {}
  MongoDocument& operator=(const MongoDocument& other);
  ~MongoDocument() { bson_destroy(&bson_); }

  template <class Value, class... Rest>
  MongoDocument& add(const char* key, const Value& value, const Rest&... rest) {
    append(key, value);
    if constexpr (sizeof...(rest) > 0) add(rest...);
    return *this;
  }

  const bson_t* get() const { return &bson_; }

 private:
  void append(const char* key, std::string_view text);
  void append(const char* key, const char* text) { append(key, std::string_view(text)); }
  void append(const char* key, const std::string& text) { append(key, std::string_view(text)); }
  template <class Tag>
  void append(const char* key, const StringId<Tag>& id) {
    append(key, std::string_view(id.value));
  }
  template <std::same_as<bool> Flag>
  void append(const char* key, Flag flag) {
    bson_append_bool(&bson_, key, -1, flag);
  }
  void append(const char* key, int number) { append(key, std::int64_t{number}); }
  void append(const char* key, std::int64_t number) { bson_append_int64(&bson_, key, -1, number); }
  /// BSON's greatest integer stands for all above.
  void append(const char* key, std::uint64_t count);
  void append(const char* key, WallTime time) { bson_append_date_time(&bson_, key, -1, time.time_since_epoch().count()); }
  void append(const char* key, const MongoDocument& document) { bson_append_document(&bson_, key, -1, document.get()); }
  template <class Element>
  void append(const char* key, const std::vector<Element>& elements) {
    MongoDocument array;
    for (std::size_t i = 0; i < elements.size(); ++i) array.append(std::to_string(i).c_str(), elements[i]);
    bson_append_array(&bson_, key, -1, array.get());
  }

  bson_t bson_;
};

}  // namespace atrium::storage
