#include "engineio/answer_headers.h"

#include <algorithm>

namespace atrium::engineio {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

auto find(http::Headers& headers, std::string_view name) {
  return std::find_if(headers.begin(), headers.end(), [&](const auto& header) { return same(header.first, name); });
}

template <class Job>
void for_each_item(std::string_view list, Job job) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view item = list.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) job(item);
    list = comma == list.npos ? std::string_view() : list.substr(comma + 1);
  }
}

bool lists(std::string_view list, std::string_view wanted) {
  bool found = false;
  for_each_item(list, [&](std::string_view item) { found = found || same(item, wanted); });
  return found;
}

}  // namespace

void set_header(http::Headers& headers, std::string_view name, std::string value) {
  std::erase_if(headers, [&](const auto& header) { return same(header.first, name); });
  headers.emplace_back(std::string(name), std::move(value));
}

void add_vary(http::Headers& headers, std::string_view field) {
  const auto vary = find(headers, "Vary");
  if (vary == headers.end()) {
    headers.emplace_back("Vary", std::string(field));
  } else if (!lists(vary->second, field) && !lists(vary->second, "*")) {
    vary->second.append(", ").append(field);
  }
}

void merge_headers(http::Headers& headers, const http::Headers& more) {
  const auto own = static_cast<http::Headers::difference_type>(headers.size());
  for (const auto& [name, value] : more) {
    const auto is_named_so = [&name = name](const auto& header) { return same(header.first, name); };
    if (same(name, "Vary")) {
      for_each_item(value, [&](std::string_view field) { add_vary(headers, field); });
    } else if (same(name, "Set-Cookie") || std::none_of(headers.begin(), headers.begin() + own, is_named_so)) {
      headers.emplace_back(name, value);
    }
  }
}

}  // namespace atrium::engineio
