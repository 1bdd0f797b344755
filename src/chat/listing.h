#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chat/failure.h"
#include "chat/http_shapes.h"
#include "storage/listing.h"

namespace atrium::chat {

/// What every list takes: `?page=2&limit=50&sort=name:asc&filter=type:eq:public&q=dev`.
struct ListPage {
  std::optional<WholeNumber<1, 100'000>> page;  ///< 1 unless given
  std::optional<WholeNumber<1, 100>> limit;     ///< 20 unless given
  std::vector<std::string> sort;                ///< "field:asc", "field:desc"; the first counts most
  std::vector<std::string> filter;              ///< "field:op:value"; all hold. `between` takes two values, `in` some: "a,b"
  std::optional<std::string> q;                 ///< what one of the texts contains

  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(ListPage, (), (page, limit, sort, filter, q))

/// What was asked, in terms of the list's fields.
struct ListWish {
  storage::ListQuery query;
  std::vector<std::string> ignored;  ///< fields that the list does not have, each once
};
/// Names the parameter that cannot be read.
Outcome<ListWish> read_wish(const ListPage& page, std::span<const storage::ListField> fields);

struct ListMeta {
  std::uint64_t page;
  std::uint64_t limit;
  std::uint64_t total;
  std::uint64_t totalPages;  ///< at least 1
  bool hasNext;
  bool hasPrev;
  std::optional<bool> totalIsEstimate;              ///< true: there are `total` or more
  std::optional<std::vector<std::string>> ignored;  ///< fields of sort and filter that the list does not have
};
BOOST_DESCRIBE_STRUCT(ListMeta, (), (page, limit, total, totalPages, hasNext, hasPrev, totalIsEstimate, ignored))

ListMeta meta_of(const ListWish& wish, std::uint64_t total, bool has_next);

/// A page of a list. `success` is there for clients that knew the lists before they had pages.
template <class Shape>
struct ListOf {
  bool success = true;
  std::vector<Shape> data;
  ListMeta meta;
  BOOST_DESCRIBE_CLASS(ListOf, (), (success, data, meta), (), ())
};

template <class Record>
auto to_list(const ListWish& wish, const storage::Listed<Record>& listed) {
  return ListOf<decltype(to_shape(listed.records.front()))>{.data = to_shapes(listed.records),
                                                            .meta = meta_of(wish, listed.total, listed.has_next)};
}

}  // namespace atrium::chat
