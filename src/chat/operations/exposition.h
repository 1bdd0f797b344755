#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::chat {

/// Figures in the text format of Prometheus (version 0.0.4): a family with its help and type, then its samples.
///
///     # HELP atrium_connections Clients that are connected.
///     # TYPE atrium_connections gauge
///     atrium_connections{shard="0"} 17
///
/// A pure value. Names and label names are ours and fit; help and label values may have any characters.
class Exposition final {
 public:
  enum class Type { counter, gauge };
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// The samples that follow are of this family.
  void family(std::string_view name, Type type, std::string_view help);
  void sample(std::uint64_t value, Labels labels = {});
  /// A family of one sample.
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  void gauge(std::string_view name, std::string_view help, std::uint64_t value);

  const std::string& text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

}  // namespace atrium::chat
