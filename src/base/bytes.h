#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace atrium {

/// Immutable, reference-counted octets: what is encoded once and then shared by every receiver on every shard.
/// Any thread may hold and read one; a copy costs one atomic increment and no octets.
class Bytes final {
 public:
  Bytes() = default;
  explicit Bytes(std::string octets) : octets_(std::make_shared<const std::string>(std::move(octets))) {}
  static Bytes copy_of(std::string_view octets) { return Bytes(std::string(octets)); }

  std::string_view view() const { return octets_ ? std::string_view(*octets_) : std::string_view(); }
  std::size_t size() const { return octets_ ? octets_->size() : 0; }
  bool empty() const { return size() == 0; }

  friend bool operator==(const Bytes& a, const Bytes& b) { return a.view() == b.view(); }

 private:
  std::shared_ptr<const std::string> octets_;
};

}  // namespace atrium
