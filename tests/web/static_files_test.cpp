#include "web/static_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/http_server.h"
#include "tests/support/temporary_directory.h"

namespace atrium::web {
namespace {

using ::testing::HasSubstr;

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    directory.write("index.html", "<!doctype html>page");
    directory.write("app-1A2B3C4D.js", "script()");
    directory.write("app-ABCDEFGH.css", "body{}");
    directory.write("app-original.js", "other()");
    directory.write("images/logo.svg", "<svg/>");
    directory.write("data.unknown", "?");
    directory.write(".env", "SECRET=1");
    directory.write(".git/config", "secret");
  }

  http::Response get(std::string_view target, http::Headers headers = {}, std::string method = "GET") {
    if (!files) files = *StaticFiles::load(directory.path());
    http::Request request;
    request.method = std::move(method);
    http::parse_target(target, request);
    request.headers = std::move(headers);
    return files->answer(request);
  }
  static std::string header(const http::Response& response, std::string_view name) {
    return std::string(http::find_header(response.headers, name).value_or(""));
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<StaticFiles> files;
};

const http::Headers kFromABrowser{{"accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};

TEST_F(StaticFilesTest, ServesFilesWithTheirTypes) {
  EXPECT_EQ(get("/").body, "<!doctype html>page");
  EXPECT_EQ(header(get("/"), "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(get("/app-1A2B3C4D.js?v=1").body, "script()");
  EXPECT_EQ(header(get("/app-1A2B3C4D.js"), "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(get("/images/logo.svg").body, "<svg/>");
  EXPECT_EQ(header(get("/images/logo.svg"), "Content-Type"), "image/svg+xml");
  EXPECT_EQ(header(get("/data.unknown"), "Content-Type"), "application/octet-stream");
}

TEST_F(StaticFilesTest, KeepsForEverOnlyWhatIsNamedAfterItsContent) {
  EXPECT_EQ(header(get("/app-1A2B3C4D.js"), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get("/app-ABCDEFGH.css"), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get("/app-original.js"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header(get("/"), "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, TellsThatNothingHasChanged) {
  const std::string etag = header(get("/"), "ETag");
  EXPECT_EQ(etag.size(), 34u);
  for (const std::string& known : {etag, "W/" + etag, "\"old\", " + etag, std::string("*")}) {
    const auto answer = get("/", {{"if-none-match", known}});
    EXPECT_EQ(answer.status, 304u) << known;
    EXPECT_TRUE(answer.body.empty());
    EXPECT_EQ(header(answer, "ETag"), etag);
  }
  EXPECT_EQ(get("/", {{"if-none-match", "\"old\""}}).status, 200u);
  EXPECT_NE(header(get("/app-original.js"), "ETag"), etag);
}

TEST_F(StaticFilesTest, GivesABrowserThePageForAnUnknownPath) {
  const auto page = get("/channels/general", kFromABrowser);
  EXPECT_EQ(page.status, 200u);
  EXPECT_EQ(page.body, "<!doctype html>page");
  EXPECT_EQ(get("/channels/general").status, 404u) << "who asks for no page gets none";
  EXPECT_EQ(get("/missing.js", kFromABrowser).status, 404u) << "a script is no page";
}

TEST_F(StaticFilesTest, LeadsNowhereOutOfTheDirectory) {
  for (const char* path : {"/../index.html", "/images/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                           "/images/..%2findex.html", "/index.html%00.js", "/.env", "/.git/config", "/images", "/images/"}) {
    EXPECT_EQ(get(path).status, 404u) << path;
  }
}

TEST_F(StaticFilesTest, IsReadOnly) {
  const auto answer = get("/", {}, "POST");
  EXPECT_EQ(answer.status, 405u);
  EXPECT_EQ(header(answer, "Allow"), "GET, HEAD");
}

TEST_F(StaticFilesTest, GuardsEveryAnswer) {
  for (const auto& answer : {get("/"), get("/missing"), get("/", {{"if-none-match", "*"}})}) {
    EXPECT_EQ(header(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header(answer, "Referrer-Policy"), "same-origin");
    const std::string policy = header(answer, "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'self'"));
    EXPECT_THAT(policy, HasSubstr("connect-src 'self' ws: wss:"));
    EXPECT_THAT(policy, HasSubstr("img-src 'self' data:"));
    EXPECT_THAT(policy, HasSubstr("style-src 'self' 'unsafe-inline'"));
  }
}

TEST_F(StaticFilesTest, ReadsTheDirectoryOnceAtStart) {
  EXPECT_EQ(get("/").status, 200u);
  std::filesystem::remove_all(directory.path());
  EXPECT_EQ(get("/").body, "<!doctype html>page");
}

TEST_F(StaticFilesTest, TakesTheDirectoryHoweverItIsWritten) {
  const auto with_slash = StaticFiles::load(directory.path().string() + "/");
  ASSERT_TRUE(with_slash.has_value()) << with_slash.error();
  const auto roundabout = StaticFiles::load(directory.path() / "images" / "..");
  ASSERT_TRUE(roundabout.has_value()) << roundabout.error();
}

TEST_F(StaticFilesTest, SaysWhatIsWrongWithADirectory) {
  const auto missing = StaticFiles::load(directory.path() / "nowhere");
  ASSERT_FALSE(missing.has_value());
  EXPECT_THAT(missing.error(), HasSubstr("nowhere' of the web page: No such file or directory."));

  const auto unbuilt = StaticFiles::load(directory.path() / "images");
  ASSERT_FALSE(unbuilt.has_value());
  EXPECT_THAT(unbuilt.error(), HasSubstr("has no index.html; build the web page first."));

  const auto huge = StaticFiles::load(directory.path(), 20);
  ASSERT_FALSE(huge.has_value());
  EXPECT_THAT(huge.error(), HasSubstr("holds more than 20 octets"));
}

TEST_F(StaticFilesTest, AnswersOnAConnection) {
  files = *StaticFiles::load(directory.path());
  test::HttpServer server(*files);
  auto client = server.connect();
  EXPECT_EQ(client.get("/app-1A2B3C4D.js").body, "script()");
  EXPECT_EQ(client.ask("HEAD", "/app-1A2B3C4D.js").headers.at("content-length"), "8");
}

}  // namespace
}  // namespace atrium::web
