#include "chat/listing.h"

#include <algorithm>
#include <array>

#include "base/timestamp.h"
#include "base/utf8.h"

namespace atrium::chat {

using storage::ListField;
using storage::ListFilter;
using storage::ListOp;
using storage::ListSort;
using storage::ListValue;

namespace {

constexpr std::size_t kMostSorts = 5;
constexpr std::size_t kMostFilters = 20;
constexpr std::size_t kMostOctets = 1000;  ///< of one sort or filter
constexpr std::size_t kMostSearched = 200;
constexpr std::size_t kMostValues = 100;  ///< of one `in`

struct OpWord {
  std::string_view word;
  ListOp op;
};
constexpr std::array<OpWord, 11> kOps{{{"eq", ListOp::eq},
                                       {"neq", ListOp::neq},
                                       {"gt", ListOp::gt},
                                       {"gte", ListOp::gte},
                                       {"lt", ListOp::lt},
                                       {"lte", ListOp::lte},
                                       {"between", ListOp::between},
                                       {"in", ListOp::in},
                                       {"contains", ListOp::contains},
                                       {"starts", ListOp::starts},
                                       {"ends", ListOp::ends}}};

Failure bad(std::string parameter, const std::string& what) { return failures::invalid(std::move(parameter), what); }

/// The text before the first `mark`, which is taken off the front of `text` with it; the whole when there is none.
std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t end = text.find(mark);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return taken;
}

bool is_plain(std::string_view text) { return is_valid_utf8(text) && text.find('\0') == text.npos; }

std::optional<std::size_t> find_field(std::span<const ListField> fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const ListField& field) { return field.name == name; });
  if (found == fields.end()) return std::nullopt;
  return static_cast<std::size_t>(found - fields.begin());
}

std::optional<ListOp> find_op(std::string_view word) {
  const auto found = std::find_if(kOps.begin(), kOps.end(), [&](const OpWord& op) { return op.word == word; });
  if (found == kOps.end()) return std::nullopt;
  return found->op;
}

bool is_about_text(ListOp op) { return op == ListOp::contains || op == ListOp::starts || op == ListOp::ends; }

std::vector<std::string> split(std::string_view values, ListOp op) {
  if (op != ListOp::between && op != ListOp::in) return {std::string(values)};
  std::vector<std::string> parts;
  do parts.emplace_back(take_until(values, ','));
  while (!values.empty() && parts.size() <= kMostValues);
  return parts;
}

Outcome<std::vector<ListValue>> read_values(const ListField& field, ListOp op, std::string_view text) {
  const auto parts = split(text, op);
  if (op == ListOp::between && parts.size() != 2) return bad("filter", "takes two values for between: low,high");
  if (parts.size() > kMostValues) return bad("filter", "takes at most 100 values for in");
  if (is_about_text(op) && (text.empty() || field.kind == ListField::Kind::time)) {
    return bad("filter", "takes a text to look for in another text");
  }
  std::vector<ListValue> values;
  for (const std::string& part : parts) {
    if (field.kind == ListField::Kind::text) {
      values.emplace_back(part);
      continue;
    }
    const auto time = parse_iso8601(part);
    if (!time) return bad("filter", "compares " + std::string(field.name) + " with times such as 2026-01-31T08:15:30.123Z");
    values.emplace_back(static_cast<std::int64_t>(time->time_since_epoch().count()));
  }
  return values;
}

void ignore(ListWish& wish, std::string_view name) {
  if (std::find(wish.ignored.begin(), wish.ignored.end(), name) == wish.ignored.end()) wish.ignored.emplace_back(name);
}

}  // namespace

std::optional<FieldError> ListPage::check() const {
  const auto too_long = [](const std::string& text) { return text.size() > kMostOctets; };
  const auto strange = [](const std::string& text) { return !is_plain(text); };
  if (sort.size() > kMostSorts) return FieldError{"sort", "may be given at most 5 times"};
  if (filter.size() > kMostFilters) return FieldError{"filter", "may be given at most 20 times"};
  for (const auto& [name, texts] : {std::pair("sort", &sort), std::pair("filter", &filter)}) {
    if (std::any_of(texts->begin(), texts->end(), too_long)) return FieldError{name, "must have at most 1000 octets"};
    if (std::any_of(texts->begin(), texts->end(), strange)) return FieldError{name, "must be text"};
  }
  if (q && !is_plain(*q)) return FieldError{"q", "must be text"};
  if (q && utf8_length(*q) > kMostSearched) return FieldError{"q", "must have at most 200 characters"};
  return std::nullopt;
}

Outcome<ListWish> read_wish(const ListPage& page, std::span<const ListField> fields) {
  ListWish wish;
  if (page.page) wish.query.page = static_cast<std::uint64_t>(page.page->value);
  if (page.limit) wish.query.limit = static_cast<std::uint64_t>(page.limit->value);
  wish.query.q = page.q.value_or("");
  for (std::string_view text : page.sort) {
    const std::string_view name = take_until(text, ':');
    if (!text.empty() && text != "asc" && text != "desc") return bad("sort", "must read field:asc or field:desc");
    if (const auto field = find_field(fields, name)) {
      wish.query.sort.push_back({*field, text == "desc"});
    } else {
      ignore(wish, name);
    }
  }
  for (std::string_view text : page.filter) {
    const std::string_view name = take_until(text, ':');
    const auto op = find_op(take_until(text, ':'));
    if (!op)
      return bad("filter", "must read field:op:value, with eq, neq, gt, gte, lt, lte, between, in, contains, starts or ends");
    const auto field = find_field(fields, name);
    if (!field) {
      ignore(wish, name);
      continue;
    }
    auto values = read_values(fields[*field], *op, text);
    if (!values) return values.error();
    wish.query.filters.push_back({.field = *field, .op = *op, .values = std::move(*values)});
  }
  return wish;
}

ListMeta meta_of(const ListWish& wish, std::uint64_t total, bool has_next) {
  ListMeta meta{.page = wish.query.page,
                .limit = wish.query.limit,
                .total = total,
                .totalPages = std::max<std::uint64_t>(1, (total + wish.query.limit - 1) / wish.query.limit),
                .hasNext = has_next,
                .hasPrev = wish.query.page > 1,
                .totalIsEstimate = {},
                .ignored = {}};
  if (total >= storage::kCountAtMost) meta.totalIsEstimate = true;
  if (!wish.ignored.empty()) meta.ignored = wish.ignored;
  return meta;
}

}  // namespace atrium::chat
