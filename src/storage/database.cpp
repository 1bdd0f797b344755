#include "storage/database.h"

#include <spdlog/fmt/fmt.h>

#include "storage/sqlite_channel_store.h"
#include "storage/sqlite_engine.h"
#include "storage/sqlite_message_store.h"
#include "storage/sqlite_presence_store.h"
#include "storage/sqlite_read_store.h"
#include "storage/sqlite_session_store.h"
#include "storage/sqlite_user_store.h"
#include "storage/sqlite_workspace_store.h"

namespace atrium::storage {

struct Database::Parts {
  std::unique_ptr<Engine> engine;
  std::unique_ptr<UserStore> users;
  std::unique_ptr<SessionStore> sessions;
  std::unique_ptr<WorkspaceStore> workspaces;
  std::unique_ptr<ChannelStore> channels;
  std::unique_ptr<MessageStore> messages;
  std::unique_ptr<ReadStore> reads;
  std::unique_ptr<PresenceStore> presence;
};

Result<std::unique_ptr<Database>, std::string> Database::open(std::string_view url, const Clock& clock) {
  constexpr std::string_view kSqlite = "sqlite:";
  std::string path;
  if (url == "memory:") {
    path = ":memory:";
  } else if (url.starts_with(kSqlite)) {
    path = url.substr(kSqlite.size());
    if (path.empty()) return std::string("the database url \"sqlite:\" names no file: write sqlite:atrium.db, or memory:");
  } else {
    return fmt::format("the database url \"{}\" is of no kind known here: write sqlite:PATH or memory:", url);
  }
  auto engine = SqliteEngine::open(path);
  if (!engine) return std::move(engine).error();
  SqliteEngine& sqlite = **engine;
  Parts parts{.engine = std::move(*engine),
              .users = std::make_unique<SqliteUserStore>(sqlite, clock),
              .sessions = std::make_unique<SqliteSessionStore>(sqlite, clock),
              .workspaces = std::make_unique<SqliteWorkspaceStore>(sqlite, clock),
              .channels = std::make_unique<SqliteChannelStore>(sqlite, clock),
              .messages = std::make_unique<SqliteMessageStore>(sqlite, clock),
              .reads = std::make_unique<SqliteReadStore>(sqlite),
              .presence = std::make_unique<SqlitePresenceStore>(sqlite)};
  return std::unique_ptr<Database>(new Database(std::make_unique<Parts>(std::move(parts))));
}

Database::Database(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Database::~Database() = default;

UserStore& Database::users() { return *parts_->users; }
SessionStore& Database::sessions() { return *parts_->sessions; }
WorkspaceStore& Database::workspaces() { return *parts_->workspaces; }
ChannelStore& Database::channels() { return *parts_->channels; }
MessageStore& Database::messages() { return *parts_->messages; }
ReadStore& Database::reads() { return *parts_->reads; }
PresenceStore& Database::presence() { return *parts_->presence; }

std::size_t Database::waiting() const { return parts_->engine->waiting(); }

Task<bool> Database::tidy() { return parts_->engine->tidy(); }

void Database::close() { parts_->engine->close(); }

}  // namespace atrium::storage
