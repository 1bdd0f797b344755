#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace atrium::storage {

// Pages of lists that may be sorted, filtered and searched by their fields. Which fields a list has, its store says in a table.

/// A field of a list.
struct ListField {
  enum class Kind : std::uint8_t { text, time };
  std::string_view name;  ///< as clients call it
  Kind kind = Kind::text;
  bool searched = false;  ///< `q` is looked for here too
};

/// Text, or milliseconds since 1970 of a time.
using ListValue = std::variant<std::string, std::int64_t>;

enum class ListOp : std::uint8_t { eq, neq, gt, gte, lt, lte, between, in, contains, starts, ends };

/// contains, starts and ends take text as it stands, but for the case of ASCII letters.
struct ListFilter {
  std::size_t field = 0;  ///< in the table of fields
  ListOp op = ListOp::eq;
  std::vector<ListValue> values;  ///< two for `between`, one or more for `in`, else one; of the field's kind
};

struct ListSort {
  std::size_t field = 0;
  bool descending = false;
};

struct ListQuery {
  std::uint64_t page = 1;
  std::uint64_t limit = 20;
  std::vector<ListSort> sort;       ///< empty: the list's own order
  std::vector<ListFilter> filters;  ///< all of them hold
  std::string q;                    ///< empty, or what one of the searched fields contains
};

/// Counting has an end, because a long list would be read as a whole for it.
inline constexpr std::uint64_t kCountAtMost = 10'001;

template <class Record>
struct Listed {
  std::vector<Record> records;
  std::uint64_t total = 0;  ///< kCountAtMost: that many or more
  bool has_next = false;
};

}  // namespace atrium::storage
