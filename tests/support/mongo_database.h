#pragma once

#include <mongoc/mongoc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace atrium::test {

/// A database of a test's own on the MongoDB that ATRIUM_TEST_MONGODB_URI names; gone with this.
class MongoDatabase final {
 public:
  static bool available() {
    const char* uri = std::getenv("ATRIUM_TEST_MONGODB_URI");
    return uri && *uri;
  }
  static constexpr const char* kSkipped = "NO MONGODB: set ATRIUM_TEST_MONGODB_URI, or run the tests by scripts/ferretdb run";

  MongoDatabase()
      : url_(new_url()),
        uri_(mongoc_uri_new(url_.c_str()), &mongoc_uri_destroy),
        client_(mongoc_client_new_from_uri(uri_.get()), &mongoc_client_destroy) {}
  ~MongoDatabase() {
    const std::unique_ptr<mongoc_database_t, decltype(&mongoc_database_destroy)> database(
        mongoc_client_get_default_database(client_.get()), &mongoc_database_destroy);
    mongoc_database_drop(database.get(), nullptr);
  }

  const std::string& url() const { return url_; }

  std::int64_t count(const char* collection, const std::string& filter) {
    const std::unique_ptr<mongoc_collection_t, decltype(&mongoc_collection_destroy)> opened(
        mongoc_client_get_collection(client_.get(), mongoc_uri_get_database(uri_.get()), collection),
        &mongoc_collection_destroy);
    bson_error_t error{};
    bson_t bson;
    if (!bson_init_from_json(&bson, filter.c_str(), -1, &error)) throw std::runtime_error(error.message);
    const std::int64_t count = mongoc_collection_count_documents(opened.get(), &bson, nullptr, nullptr, nullptr, &error);
    bson_destroy(&bson);
    if (count < 0) throw std::runtime_error(error.message);
    return count;
  }

  /// Does what no program does, behind the back of the one that is tested.
  void run(const std::string& command) {
    bson_error_t error{};
    bson_t bson;
    if (!bson_init_from_json(&bson, command.c_str(), -1, &error)) throw std::runtime_error(error.message);
    const char* database = mongoc_uri_get_database(uri_.get());
    const bool done = mongoc_client_command_simple(client_.get(), database, &bson, nullptr, nullptr, &error);
    bson_destroy(&bson);
    if (!done) throw std::runtime_error(error.message);
  }

 private:
  /// "mongodb://HOSTS/NAME?OPTIONS", whichever name the given one has.
  static std::string new_url() {
    mongoc_init();
    static int count = 0;
    const std::string name = "atrium_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    const std::string given = std::getenv("ATRIUM_TEST_MONGODB_URI");
    const std::size_t hosts = given.find("://");
    if (hosts == given.npos) throw std::runtime_error("ATRIUM_TEST_MONGODB_URI is no url of a MongoDB");
    const std::size_t options = std::min(given.find('?'), given.size());
    const std::size_t path = std::min(given.find('/', hosts + 3), options);
    return given.substr(0, path) + "/" + name + given.substr(options);
  }

  const std::string url_;
  const std::unique_ptr<mongoc_uri_t, decltype(&mongoc_uri_destroy)> uri_;
  const std::unique_ptr<mongoc_client_t, decltype(&mongoc_client_destroy)> client_;
};

}  // namespace atrium::test
