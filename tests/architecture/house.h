#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::architecture {

/// What each floor may include from, besides itself.
using Layers = std::map<std::string, std::set<std::string>>;

struct SourceFile {
  std::string path;  ///< below src/: "net/shard.h"
  std::string text;
};

struct Include {
  std::string path;
  bool quoted = false;
  friend bool operator==(const Include&, const Include&) = default;
};

inline constexpr std::size_t kMaxLines = 450;

/// The lines "floor: below below" of docs/layers.txt; '#' begins a comment.
inline Layers parse_layers(std::string_view text) {
  Layers layers;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('#'));
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    std::istringstream below(line.substr(colon + 1));
    std::set<std::string>& allowed = layers[line.substr(0, colon)];
    for (std::string floor; below >> floor;) allowed.insert(floor);
  }
  return layers;
}

inline std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> includes;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::erase_if(line, [](char c) { return c == ' ' || c == '\t'; });
    constexpr std::string_view kDirective = "#include";
    if (!line.starts_with(kDirective) || line.size() <= kDirective.size()) continue;
    const char open = line[kDirective.size()];
    if (open != '"' && open != '<') continue;
    const std::string rest = line.substr(kDirective.size() + 1);
    includes.push_back({rest.substr(0, rest.find(open == '"' ? '"' : '>')), open == '"'});
  }
  return includes;
}

/// "net" of "net/shard.h", "main" of "main.cpp".
inline std::string floor_of(std::string_view path) {
  const std::size_t slash = path.find('/');
  return std::string(path.substr(0, slash == path.npos ? path.find('.') : slash));
}

/// The first ring that can be walked along `edges`, as "a -> b -> a"; empty when there is none.
inline std::string find_ring(const std::map<std::string, std::set<std::string>>& edges) {
  std::set<std::string> done;
  std::vector<std::string> trail;
  const auto walk = [&](const auto& self, const std::string& node) -> std::string {
    if (const auto seen = std::find(trail.begin(), trail.end(), node); seen != trail.end()) {
      std::string ring;
      for (auto step = seen; step != trail.end(); ++step) ring += *step + " -> ";
      return ring + node;
    }
    if (done.contains(node)) return {};
    trail.push_back(node);
    if (const auto next = edges.find(node); next != edges.end()) {
      for (const std::string& target : next->second) {
        if (const std::string ring = self(self, target); !ring.empty()) return ring;
      }
    }
    trail.pop_back();
    done.insert(node);
    return {};
  };
  for (const auto& [node, targets] : edges) {
    if (const std::string ring = walk(walk, node); !ring.empty()) return ring;
  }
  return {};
}

/// What is wrong with the layers themselves.
inline std::vector<std::string> complaints_about(const Layers& layers) {
  std::vector<std::string> complaints;
  for (const auto& [floor, allowed] : layers) {
    for (const std::string& below : allowed) {
      if (layers.contains(below)) continue;
      complaints.push_back("layers.txt lets " + floor + " include from " + below + ", which it does not name");
    }
  }
  if (const std::string ring = find_ring(layers); !ring.empty()) complaints.push_back("layers.txt has a ring: " + ring);
  return complaints;
}

inline void check_includes(const Layers& layers, const SourceFile& file, const std::set<std::string>& known,
                           std::vector<std::string>& complaints) {
  const std::string floor = floor_of(file.path);
  const std::set<std::string>& allowed = layers.at(floor);
  for (const auto& [path, quoted] : includes_of(file.text)) {
    const bool asio = path.starts_with("boost/asio") || path.starts_with("boost/beast");
    if (asio && floor != "net" && floor != "http") {
      complaints.push_back(file.path + " includes <" + path + ">, which only net and http may");
    }
    if (!quoted) continue;
    const std::string target = floor_of(path);
    if (path.find('/') == path.npos || !layers.contains(target)) {
      complaints.push_back(file.path + " includes \"" + path + "\", which names no floor of layers.txt");
    } else if (target != floor && !allowed.contains(target)) {
      complaints.push_back(file.path + " includes \"" + path + "\": " + floor + " may not include from " + target);
    } else if (!known.contains(path)) {
      complaints.push_back(file.path + " includes \"" + path + "\", which is not there");
    }
  }
}

/// Everything that is wrong with the source files, one sentence each; empty when the house stands.
inline std::vector<std::string> complaints_about(const Layers& layers, const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  std::set<std::string> known;
  for (const SourceFile& file : files) known.insert(file.path);

  std::map<std::string, std::set<std::string>> edges;
  for (const SourceFile& file : files) {
    const auto lines = static_cast<std::size_t>(std::count(file.text.begin(), file.text.end(), '\n'));
    if (lines > kMaxLines) {
      complaints.push_back(file.path + " has " + std::to_string(lines) + " lines; at most " + std::to_string(kMaxLines) +
                           " are read in one go");
    }
    if (!layers.contains(floor_of(file.path))) {
      complaints.push_back(file.path + " lies on no floor of layers.txt");
      continue;
    }
    check_includes(layers, file, known, complaints);
    for (const auto& [path, quoted] : includes_of(file.text)) {
      if (quoted && path != file.path) edges[file.path].insert(path);
    }
  }
  if (const std::string ring = find_ring(edges); !ring.empty()) complaints.push_back("includes close a ring: " + ring);
  return complaints;
}

}  // namespace atrium::architecture
