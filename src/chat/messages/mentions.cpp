#include "chat/messages/mentions.h"

#include <algorithm>

namespace atrium::chat {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_in_word(char c) { return is_letter(c) || c == '-' || c == '.' || c == '\''; }

/// The end of the word that begins at `from`.
std::size_t end_of_word(std::string_view text, std::size_t from) {
  while (from < text.size() && is_in_word(text[from])) ++from;
  return from;
}

/// "Bob." at the end of a sentence is Bob.
std::string without_stops(std::string_view name) {
  while (!name.empty() && !is_letter(name.back())) name.remove_suffix(1);
  return std::string(name);
}

/// What may be the name that begins at `from`, the longest first.
std::vector<std::string> names_at(std::string_view text, std::size_t from) {
  std::vector<std::string> names;
  std::size_t end = end_of_word(text, from);
  if (end == from) return names;
  for (std::size_t words = 1; words <= Mentions::kWords && end - from <= Mentions::kLongest; ++words) {
    if (std::string name = without_stops(text.substr(from, end - from)); !name.empty()) names.push_back(std::move(name));
    if (end >= text.size() || text[end] != ' ') break;
    const std::size_t next = end_of_word(text, end + 1);
    if (next == end + 1) break;
    end = next;
  }
  std::reverse(names.begin(), names.end());
  return names;
}

template <class T>
void add_once(std::vector<T>& to, const T& item) {
  if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
}

}  // namespace

Mentions::Mentions(std::string_view content) {
  for (std::size_t at = content.find('@'); at != content.npos && places_.size() < kPlaces; at = content.find('@', at + 1)) {
    if (at > 0 && is_in_word(content[at - 1])) continue;
    if (Place names = names_at(content, at + 1); !names.empty()) places_.push_back(std::move(names));
  }
}

std::vector<std::string> Mentions::names() const {
  std::vector<std::string> all;
  for (const Place& place : places_) {
    for (const std::string& name : place) add_once(all, name);
  }
  return all;
}

std::vector<storage::UserId> Mentions::among(const std::vector<storage::Called>& called) const {
  std::vector<storage::UserId> users;
  for (const Place& place : places_) {
    const auto found = std::find_if(place.begin(), place.end(), [&](const std::string& name) {
      return std::any_of(called.begin(), called.end(), [&](const storage::Called& one) { return one.name == name; });
    });
    if (found == place.end()) continue;
    for (const storage::Called& one : called) {
      if (one.name == *found && users.size() < kMentioned) add_once(users, one.user);
    }
  }
  return users;
}

}  // namespace atrium::chat
