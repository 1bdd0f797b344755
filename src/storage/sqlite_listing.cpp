#include "storage/sqlite_listing.h"

#include <spdlog/fmt/fmt.h>

namespace atrium::storage {

namespace {

/// Puts values behind the keys and names them in the text: "?3".
class Binder final {
 public:
  explicit Binder(std::vector<ListValue>& values) : values_(values) {}
  std::string operator()(ListValue value) {
    values_.push_back(std::move(value));
    return fmt::format("?{}", values_.size());
  }

 private:
  std::vector<ListValue>& values_;
};

std::string condition(std::string_view field, const ListFilter& filter, Binder& bind) {
  const auto compared = [&](std::string_view how) { return fmt::format("{} {} {}", field, how, bind(filter.values.at(0))); };
  switch (filter.op) {
    case ListOp::eq:
      return compared("=");
    case ListOp::neq:
      return compared("<>");
    case ListOp::gt:
      return compared(">");
    case ListOp::gte:
      return compared(">=");
    case ListOp::lt:
      return compared("<");
    case ListOp::lte:
      return compared("<=");
    case ListOp::between: {
      const std::string low = bind(filter.values.at(0));
      return fmt::format("{} BETWEEN {} AND {}", field, low, bind(filter.values.at(1)));
    }
    case ListOp::in: {
      std::string among;
      for (const ListValue& value : filter.values) among += (among.empty() ? "" : ", ") + bind(value);
      return fmt::format("{} IN ({})", field, among);
    }
    // No pattern is made of what comes from outside, so nothing in it has a meaning.
    case ListOp::contains:
      return fmt::format("instr(lower({}), lower({})) > 0", field, bind(filter.values.at(0)));
    case ListOp::starts:
      return fmt::format("instr(lower({}), lower({})) = 1", field, bind(filter.values.at(0)));
    case ListOp::ends: {
      const std::string end = bind(filter.values.at(0));
      return fmt::format("substr(lower({}), -length({})) = lower({})", field, end, end);
    }
  }
  return "0";
}

}  // namespace

SqlPage sql_of(const SqlList& list, std::vector<ListValue> keys, const ListQuery& query) {
  SqlPage page{.rows = {}, .count = {}, .values = std::move(keys)};
  Binder bind(page.values);
  std::string where(list.where);
  for (const ListFilter& filter : query.filters) {
    where += " AND " + condition(list.expressions[filter.field], filter, bind);
  }
  if (!query.q.empty()) {
    const std::string q = bind(query.q);
    std::string any;
    for (std::size_t i = 0; i < list.fields.size(); ++i) {
      if (!list.fields[i].searched) continue;
      any += fmt::format("{}instr(lower({}), lower({})) > 0", any.empty() ? "" : " OR ", list.expressions[i], q);
    }
    where += fmt::format(" AND ({})", any.empty() ? "0" : any);
  }
  std::string order;
  for (const ListSort& sort : query.sort) {
    order += fmt::format("{}{}, ", list.expressions[sort.field], sort.descending ? " DESC" : "");
  }
  if (order.empty()) order = fmt::format("{}, ", list.order);
  // One more than asked for tells whether there are more.
  page.rows = fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {}{} LIMIT {} OFFSET {}", list.columns, list.from, where, order,
                          list.tie, query.limit + 1, (query.page - 1) * query.limit);
  page.count = fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {})", list.from, where, kCountAtMost);
  return page;
}

}  // namespace atrium::storage
