#include "storage/mongo_listing.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace atrium::storage {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// A pattern of the text as it stands, but for the case of ASCII letters: nothing in it has a meaning.
std::string pattern_of(const ListValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  std::string pattern;
  for (const char c : text ? *text : std::string()) {
    if (is_letter(c)) {
      const char lower = static_cast<char>(c | 0x20);
      pattern += {'[', lower, static_cast<char>(lower & ~0x20), ']'};
    } else if (static_cast<unsigned char>(c) < 0x80) {
      pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      pattern += c;
    }
  }
  return pattern;
}

void compare(MongoDocument& to, const char* how, const ListField& field, const ListValue& value) {
  if (field.kind == ListField::Kind::text) {
    to.add(how, std::get<std::string>(value));
  } else {
    to.add(how, WallTime(std::chrono::milliseconds(std::get<std::int64_t>(value))));
  }
}

MongoDocument is(const char* how, const ListField& field, const ListValue& value) {
  MongoDocument condition;
  compare(condition, how, field, value);
  return condition;
}

MongoDocument among(const ListField& field, const std::vector<ListValue>& values) {
  std::vector<std::string> texts;
  std::vector<WallTime> times;
  for (const ListValue& value : values) {
    if (field.kind == ListField::Kind::text) {
      texts.push_back(std::get<std::string>(value));
    } else {
      times.emplace_back(std::chrono::milliseconds(std::get<std::int64_t>(value)));
    }
  }
  if (field.kind == ListField::Kind::text) return {"$in", texts};
  return {"$in", times};
}

MongoDocument matching(const std::string& pattern) { return {"$regex", pattern}; }

MongoDocument condition(const ListField& field, const ListFilter& filter) {
  const ListValue& value = filter.values.at(0);
  switch (filter.op) {
    case ListOp::eq:
      return is("$eq", field, value);
    case ListOp::neq:
      return is("$ne", field, value);
    case ListOp::gt:
      return is("$gt", field, value);
    case ListOp::gte:
      return is("$gte", field, value);
    case ListOp::lt:
      return is("$lt", field, value);
    case ListOp::lte:
      return is("$lte", field, value);
    case ListOp::between: {
      MongoDocument between = is("$gte", field, value);
      compare(between, "$lte", field, filter.values.at(1));
      return between;
    }
    case ListOp::in:
      return among(field, filter.values);
    case ListOp::contains:
      return matching(pattern_of(value));
    case ListOp::starts:
      return matching("^" + pattern_of(value));
    case ListOp::ends:
      return matching(pattern_of(value) + "\\z");
  }
  return is("$eq", field, value);
}

}  // namespace

MongoDocument filter_of(const MongoList& list, const MongoDocument& filter, const ListQuery& query) {
  std::vector<MongoDocument> all{filter};
  for (const ListFilter& one : query.filters) {
    all.push_back({list.names[one.field], condition(list.fields[one.field], one)});
  }
  if (!query.q.empty()) {
    std::vector<MongoDocument> any;
    for (std::size_t i = 0; i < list.fields.size(); ++i) {
      if (list.fields[i].searched) any.push_back({list.names[i], matching(pattern_of(query.q))});
    }
    all.push_back({"$or", any});
  }
  return {"$and", all};
}

MongoDocument sort_of(const MongoList& list, const ListQuery& query) {
  MongoDocument sort;
  std::vector<std::string_view> named;
  const auto by = [&](const char* name, bool descending) {
    // A field that stands there twice is refused; the first one is what counts.
    if (std::find(named.begin(), named.end(), name) != named.end()) return;
    named.emplace_back(name);
    sort.add(name, descending ? -1 : 1);
  };
  for (const ListSort& one : query.sort) by(list.names[one.field], one.descending);
  if (query.sort.empty()) by(list.order, false);
  by(list.tie, false);
  return sort;
}

}  // namespace atrium::storage
