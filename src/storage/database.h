#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "storage/channel_store.h"
#include "storage/message_store.h"
#include "storage/presence_store.h"
#include "storage/read_store.h"
#include "storage/session_store.h"
#include "storage/user_store.h"
#include "storage/workspace_store.h"

namespace atrium::storage {

/// The database, embedded or a server's: the front door of this floor. Opened by the thread that starts the program; its stores
/// are used from every shard. It outlives the coroutines that wait for it, and is closed before the shards are destroyed.
class Database final {
 public:
  /// `url`: "sqlite:PATH" (made when missing), "memory:" (gone at the end) or "mongodb://HOST/DATABASE" as MongoDB has them;
  /// blocks until it is there. The error is one sentence that says how to mend it. `clock` outlives the database.
  static Result<std::unique_ptr<Database>, std::string> open(std::string_view url, const Clock& clock);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  UserStore& users();
  SessionStore& sessions();
  WorkspaceStore& workspaces();
  ChannelStore& channels();
  MessageStore& messages();
  ReadStore& reads();
  PresenceStore& presence();

  /// How many changes wait to be written. Any thread.
  std::size_t waiting() const;
  /// What a database needs from time to time while it is in use. False: there was nothing to do. Throws StoreUnavailable.
  Task<bool> tidy();

  /// Finishes what was accepted, posts the answers, ends its threads; blocks meanwhile. What comes later is refused as
  /// unavailable. The destructor does it too.
  void close();

 private:
  struct Parts;
  explicit Database(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace atrium::storage
