#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace atrium::net {

/// What one connection still has to write: shared octets in order, handed to the kernel gathered, or to TLS. An empty one owns
/// no memory beyond itself. Stays on its connection's shard.
class Outbox final {
 public:
  static constexpr std::size_t kMaxPieces = 64;  ///< at most so many pieces in one writev (the kernel's own bound is 1024)

  void push(Bytes bytes) {
    if (bytes.empty()) return;
    size_ += bytes.size();
    pieces_.push_back(std::move(bytes));
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  /// It is not empty, and has no second piece.
  bool has_one() const { return pieces_.size() - head_ == 1; }
  /// The next piece, as far as it is unwritten; of a box that is not empty.
  std::string_view front() const { return pieces_[head_].view().substr(offset_); }
  /// Copies what comes next, over as many pieces as it takes, until `out` is full; returns how many octets.
  std::size_t copy_front(std::span<char> out) const;
  /// Fills `out` with the next pieces to write; returns how many.
  std::size_t gather(iovec (&out)[kMaxPieces]) const;
  /// The kernel took `count` octets.
  void consume(std::size_t count);
  /// What is left, in order, for a connection that moves to another shard.
  std::vector<Bytes> take();

 private:
  std::vector<Bytes> pieces_;
  std::size_t head_ = 0;    ///< index of the first unwritten piece
  std::size_t offset_ = 0;  ///< octets of it that are written
  std::size_t size_ = 0;    ///< unwritten octets in all
};

}  // namespace atrium::net
