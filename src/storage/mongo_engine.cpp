#include "storage/mongo_engine.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdlib>

#include "storage/mongo_removals.h"
#include "storage/mongo_schema.h"

namespace atrium::storage {

namespace {

/// Whoever waits for an acknowledgement is told within seconds that the database does not answer.
constexpr int kSelectionMs = 5'000;
constexpr int kConnectMs = 5'000;
constexpr int kSocketMs = 10'000;
constexpr int kReplicationMs = 5'000;
/// Where the url names none.
constexpr const char* kDatabase = "atrium";

using Uri = std::unique_ptr<mongoc_uri_t, decltype(&mongoc_uri_destroy)>;

/// The driver starts itself before main, and would give every process, also one that never uses a MongoDB, a file of counters
/// in /dev/shm, which stays behind when the process is killed; the next process of that number would then say on the terminal
/// that it found it. Hence the priority, which is before the driver's (docs/decisions/mongodb-driver.md).
[[gnu::constructor(101)]] void leave_nothing_in_shared_memory() { ::setenv("MONGOC_DISABLE_SHM", "1", 1); }

void log_of_driver(mongoc_log_level_t level, const char*, const char* message, void*) {
  if (level < MONGOC_LOG_LEVEL_WARNING) {
    log::warn("storage: {}", message);
  } else {
    log::debug("storage: {}", message);
  }
}

/// What the url leaves open. An answer is given once most of the replicas have the change on their disks, and a read shows
/// only such changes: what anybody has seen or been told does not go with a lost primary.
void complete(mongoc_uri_t& uri) {
  const auto bound = [&uri](const char* option, int milliseconds) {
    if (!mongoc_uri_has_option(&uri, option)) mongoc_uri_set_option_as_int32(&uri, option, milliseconds);
  };
  bound(MONGOC_URI_SERVERSELECTIONTIMEOUTMS, kSelectionMs);
  bound(MONGOC_URI_CONNECTTIMEOUTMS, kConnectMs);
  bound(MONGOC_URI_SOCKETTIMEOUTMS, kSocketMs);
  if (!mongoc_uri_has_option(&uri, MONGOC_URI_APPNAME)) mongoc_uri_set_appname(&uri, "atrium");
  if (!mongoc_uri_has_option(&uri, MONGOC_URI_W)) {
    mongoc_write_concern_t* concern = mongoc_write_concern_new();
    mongoc_write_concern_set_wmajority(concern, mongoc_uri_get_option_as_int32(&uri, MONGOC_URI_WTIMEOUTMS, kReplicationMs));
    mongoc_write_concern_set_journal(concern, mongoc_uri_get_option_as_bool(&uri, MONGOC_URI_JOURNAL, true));
    mongoc_uri_set_write_concern(&uri, concern);
    mongoc_write_concern_destroy(concern);
  }
  // A replica that is behind would be asked whether what was just made is there.
  mongoc_read_prefs_t* primary = mongoc_read_prefs_new(MONGOC_READ_PRIMARY);
  mongoc_uri_set_read_prefs_t(&uri, primary);
  mongoc_read_prefs_destroy(primary);
  if (!mongoc_uri_has_option(&uri, MONGOC_URI_READCONCERNLEVEL)) {
    mongoc_read_concern_t* concern = mongoc_read_concern_new();
    mongoc_read_concern_set_level(concern, MONGOC_READ_CONCERN_LEVEL_MAJORITY);
    mongoc_uri_set_read_concern(&uri, concern);
    mongoc_read_concern_destroy(concern);
  }
}

std::string hosts_of(const mongoc_uri_t& uri) {
  if (const char* service = mongoc_uri_get_srv_hostname(&uri)) return service;
  std::string hosts;
  for (const mongoc_host_list_t* host = mongoc_uri_get_hosts(&uri); host; host = host->next) {
    hosts += (hosts.empty() ? "" : ", ") + std::string(host->host_and_port);
  }
  return hosts;
}

std::string explain(MongoFailure failure, const std::string& hosts, const std::string& database, std::string why) {
  std::replace(why.begin(), why.end(), '\n', ' ');
  switch (failure) {
    case MongoFailure::unreachable:
    case MongoFailure::lost:
      return fmt::format("the MongoDB at {} does not answer ({}): start it, or name another with --database", hosts, why);
    case MongoFailure::denied:
      return fmt::format(
          "the MongoDB at {} does not let this user into the database {} ({}): see the name, the password and the authSource "
          "of the url, and the roles of the user",
          hosts, database, why);
    default:
      return fmt::format("the database {} of the MongoDB at {} cannot be used ({}): name another one", database, hosts, why);
  }
}

}  // namespace

Result<std::unique_ptr<MongoEngine>, std::string> MongoEngine::open(const std::string& url) {
  mongoc_init();
  mongoc_log_set_handler(log_of_driver, nullptr);
  bson_error_t error{};
  const Uri uri(mongoc_uri_new_with_error(url.c_str(), &error), &mongoc_uri_destroy);
  // The driver's own words would quote what is wrong, which may be the password.
  if (!uri) {
    return std::string(
        "the database url is none of a MongoDB: write mongodb://[NAME:PASSWORD@]HOST[:PORT][/DATABASE][?OPTION=VALUE], with "
        "%3A, %2F and %40 for :, / and @ in the name and the password");
  }
  complete(*uri);
  const std::string hosts = hosts_of(*uri);
  const char* named = mongoc_uri_get_database(uri.get());
  const std::string database = named && *named ? named : kDatabase;
  std::unique_ptr<mongoc_client_pool_t, DestroyPool> pool(mongoc_client_pool_new_with_error(uri.get(), &error));
  if (!pool) return explain(MongoFailure::unreachable, hosts, database, error.message);
  mongoc_client_pool_set_error_api(pool.get(), MONGOC_ERROR_API_VERSION_2);
  mongoc_client_pool_max_size(pool.get(), kLines + kFree + 1);

  std::unique_ptr<MongoEngine> engine(new MongoEngine(std::move(pool), database));
  MongoConnection& connection = *engine->free_connections_.front();
  try {
    if (const auto refusal = prepare_schema(connection)) {
      return fmt::format("the database {} of the MongoDB at {} {}", database, hosts, *refusal);
    }
  } catch (const StoreUnavailable& refusal) {
    return explain(connection.take_failure(), hosts, database, refusal.what());
  }
  engine->start();
  return engine;
}

MongoEngine::MongoEngine(std::unique_ptr<mongoc_client_pool_t, DestroyPool> pool, std::string database)
    : pool_(std::move(pool)), database_(std::move(database)) {
  for (unsigned i = 0; i < kLines; ++i) line_connections_.push_back(std::make_unique<MongoConnection>(*pool_, database_));
  for (unsigned i = 0; i < kFree; ++i) free_connections_.push_back(std::make_unique<MongoConnection>(*pool_, database_));
}

void MongoEngine::start() {
  outage_ = std::make_unique<MongoOutage>(std::make_unique<MongoConnection>(*pool_, database_));
  for (unsigned i = 0; i < kLines; ++i) lines_.push_back(std::make_unique<WorkerPool>(1));
  free_ = std::make_unique<WorkerPool>(kFree);
}

Task<bool> MongoEngine::pass_all_lines() {
  // None of these asks the server for anything.
  for (const auto& line : lines_) co_await line->run([](unsigned) { return true; });
  co_return true;
}

std::size_t MongoEngine::waiting() const {
  std::size_t waiting = 0;
  for (const auto& line : lines_) waiting += line->waiting();
  return waiting;
}

Task<bool> MongoEngine::tidy() { return run(finish_removals); }

void MongoEngine::close() {
  if (free_) free_->close();
  for (const auto& line : lines_) line->close();
}

void MongoEngine::note_failure(MongoFailure failure, const char* why) {
  if (failure == MongoFailure::unreachable) {
    outage_->begin(why);
  } else if (failure != MongoFailure::none) {
    log::error("storage: the database failed: {}", why);
  }
}

}  // namespace atrium::storage
