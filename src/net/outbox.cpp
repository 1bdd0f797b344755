#include "net/outbox.h"

#include <algorithm>

namespace atrium::net {

std::size_t Outbox::gather(iovec (&out)[kMaxPieces]) const {
  const std::size_t count = std::min(pieces_.size() - head_, kMaxPieces);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view piece = pieces_[head_ + i].view().substr(i == 0 ? offset_ : 0);
    out[i] = {const_cast<char*>(piece.data()), piece.size()};
  }
  return count;
}

std::size_t Outbox::copy_front(std::span<char> out) const {
  std::size_t copied = 0;
  for (std::size_t i = head_; i < pieces_.size() && copied < out.size(); ++i) {
    const std::string_view piece = pieces_[i].view().substr(i == head_ ? offset_ : 0, out.size() - copied);
    std::copy(piece.begin(), piece.end(), out.begin() + static_cast<std::ptrdiff_t>(copied));
    copied += piece.size();
  }
  return copied;
}

void Outbox::consume(std::size_t count) {
  size_ -= count;
  while (head_ < pieces_.size() && count >= pieces_[head_].size() - offset_) {
    count -= pieces_[head_].size() - offset_;
    offset_ = 0;
    pieces_[head_++] = Bytes();
  }
  offset_ += count;
  if (head_ == pieces_.size()) {
    head_ = 0;
    // A burst must not leave its capacity behind on an idle connection.
    if (pieces_.capacity() > 16) {
      std::vector<Bytes>().swap(pieces_);
    } else {
      pieces_.clear();
    }
  } else if (head_ >= kMaxPieces) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

std::vector<Bytes> Outbox::take() {
  std::vector<Bytes> left(pieces_.begin() + static_cast<std::ptrdiff_t>(head_), pieces_.end());
  if (!left.empty() && offset_ > 0) left.front() = Bytes::copy_of(left.front().view().substr(offset_));
  *this = Outbox();
  return left;
}

}  // namespace atrium::net
