#include "storage/database.h"

#include <spdlog/fmt/fmt.h>

#include "storage/engine.h"
#include "storage/mongo_channel_store.h"
#include "storage/mongo_engine.h"
#include "storage/mongo_message_store.h"
#include "storage/mongo_presence_store.h"
#include "storage/mongo_read_store.h"
#include "storage/mongo_session_store.h"
#include "storage/mongo_user_store.h"
#include "storage/mongo_workspace_store.h"
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

namespace {

bool is_mongo(std::string_view url) { return url.starts_with("mongodb://") || url.starts_with("mongodb+srv://"); }

/// Without what stands before the host, which may be a password.
std::string shown(std::string_view url) {
  const std::size_t authority = url.find("://");
  const std::size_t at = authority == url.npos ? url.npos : url.find_last_of('@');
  if (at == url.npos || at < authority) return std::string(url);
  return fmt::format("{}://{}", url.substr(0, authority), url.substr(at + 1));
}

}  // namespace

Result<std::unique_ptr<Database>, std::string> Database::open(std::string_view url, const Clock& clock) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (is_mongo(url)) {
    auto engine = MongoEngine::open(std::string(url));
    if (!engine) return std::move(engine).error();
    MongoEngine& mongo = **engine;
    Parts parts{.engine = std::move(*engine),
                .users = std::make_unique<MongoUserStore>(mongo, clock),
                .sessions = std::make_unique<MongoSessionStore>(mongo, clock),
                .workspaces = std::make_unique<MongoWorkspaceStore>(mongo, clock),
                .channels = std::make_unique<MongoChannelStore>(mongo, clock),
                .messages = std::make_unique<MongoMessageStore>(mongo, clock),
                .reads = std::make_unique<MongoReadStore>(mongo),
                .presence = std::make_unique<MongoPresenceStore>(mongo)};
    return std::unique_ptr<Database>(new Database(std::make_unique<Parts>(std::move(parts))));
  }
  std::string path;
  if (url == "memory:") {
    path = ":memory:";
  } else if (url.starts_with(kSqlite)) {
    path = url.substr(kSqlite.size());
    if (path.empty()) return std::string("the database url \"sqlite:\" names no file: write sqlite:atrium.db, or memory:");
  } else {
    return fmt::format(
        "the database url \"{}\" is of no kind known here: write sqlite:PATH, memory: or mongodb://HOST[:PORT]/DATABASE",
        shown(url));
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
