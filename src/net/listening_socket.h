#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/result.h"
#include "net/address.h"

namespace atrium::net {

/// A socket that listens, over TCP or at a file (a Unix socket), non-blocking; its file goes with it. Waits for nothing itself.
/// One thread at a time.
class ListeningSocket final {
 public:
  /// Binds and listens. A socket file that a dead process left behind is replaced. The error is a sentence for the person who
  /// chose the address.
  static Result<ListeningSocket, std::string> open(const Address& address);

  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket() { close(); }

  int descriptor() const { return descriptor_; }
  /// 0 for a Unix socket.
  std::uint16_t port() const { return port_; }
  /// Listens no more, and removes the file, unless it is another's by now.
  void close();

 private:
  explicit ListeningSocket(int descriptor) : descriptor_(descriptor) {}
  static Result<ListeningSocket, std::string> open_tcp(const Address& address);
  static Result<ListeningSocket, std::string> open_unix(const std::string& path, unsigned mode);

  int descriptor_;
  std::uint16_t port_ = 0;
  std::string path_;  ///< of the file that is to be removed
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace atrium::net
