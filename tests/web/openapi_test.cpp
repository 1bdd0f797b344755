#include "web/openapi.h"

#include <gtest/gtest.h>

#include "tests/web/library.h"

namespace atrium::web {

class Shelf final : public Controller<Shelf, Desk> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/pages/:id", &Shelf::pages>.with({.summary = "Pages", .open = true}),
        post<"/books/:bookId/notes", &Shelf::annotate>.with({.status = 201, .summary = "A note in a book"}),
        put<"/books/:bookId", &Shelf::rename>,
        stream<"/books/:bookId/live-feed", &Shelf::live>,
        get<"/page", &Shelf::page>.with({.content = "text/html", .open = true}),
        get<"/cached", &Shelf::cached>.answers<Note>().with({.open = true}),
        get<"/tagged", &Shelf::tagged>.with({.open = true}),
    };
  }

  explicit Shelf(const Desk& desk) : Controller(desk) {}

 private:
  std::vector<Numbered> pages(Path<"id">, Query<Page>) { return {}; }
  Task<Result<Ok<Note>, NoBook>> annotate(const Book&, Note note, Header<"Idempotency-Key">) { co_return ok(std::move(note)); }
  void rename(const Book&, const json::value&) {}
  void live(const Book&, std::unique_ptr<SseStream>) {}
  http::Response page() { return {}; }
  http::Response cached() { return {}; }
  Result<Tagged<Note>, NoBook> tagged(Header<"If-None-Match">) { return Tagged<Note>(); }
};

class Careless final : public Controller<Careless, Desk> {
 public:
  static constexpr auto routes() { return std::tuple{get<"/all", &Careless::all>}; }

 private:
  Note all() { return {}; }
};

namespace {

json::object document() {
  OpenApi api({.title = "Shelf",
               .version = "1",
               .prefixes = {"/api", ""},
               .security_schemes = {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}}}});
  api.add<Shelf>();
  return api.document();
}

json::value operation(const char* path, const char* method) { return document().at("paths").at(path).at(method); }

const json::value kProblem =
    json::parse(R"({"application/problem+json":{"schema":{"$ref":"#/components/schemas/ProblemDetails"}}})");

TEST(OpenApi, IsOfTheInterfaceAsAWhole) {
  const auto whole = document();
  EXPECT_EQ(whole.at("openapi"), json::value("3.1.0"));
  EXPECT_EQ(whole.at("info"), json::parse(R"({"title":"Shelf","version":"1"})"));
  EXPECT_EQ(whole.at("servers"), json::parse(R"([{"url":"/api"},{"url":"/"}])"));
  EXPECT_TRUE(whole.at("components").at("securitySchemes").as_object().contains("bearer"));
  EXPECT_TRUE(whole.at("components").at("schemas").as_object().contains("FieldError"));
  EXPECT_EQ(whole.at("paths").as_object().size(), 7u);
}

TEST(OpenApi, TakesParametersFromThePatternAndTheQuery) {
  const auto pages = operation("/pages/{id}", "get");
  EXPECT_EQ(pages.at("operationId"), json::value("getPagesById"));
  EXPECT_EQ(pages.at("summary"), json::value("Pages"));
  EXPECT_EQ(pages.at("tags"), json::parse(R"(["pages"])"));
  EXPECT_EQ(pages.at("security"), json::array());
  EXPECT_EQ(pages.at("parameters"), json::parse(R"([
      {"name":"id","in":"path","required":true,"schema":{"type":"string"}},
      {"name":"limit","in":"query","required":false,"schema":{"type":"integer","minimum":1,"maximum":100}},
      {"name":"before","in":"query","required":false,"schema":{"type":"string"}},
      {"name":"newest","in":"query","required":false,"schema":{"type":"boolean"}},
      {"name":"tag","in":"query","required":false,"schema":{"type":"array","items":{"type":"string"}}}])"));
  EXPECT_EQ(pages.at("responses").at("200").at("content").at("application/json").at("schema"),
            json::parse(R"({"type":"array","items":{"$ref":"#/components/schemas/Numbered"}})"));
}

TEST(OpenApi, TakesBodyAnswerAndGuardFromTheHandler) {
  const auto annotate = operation("/books/{bookId}/notes", "post");
  EXPECT_EQ(annotate.at("operationId"), json::value("postBooksByBookIdNotes"));
  EXPECT_EQ(annotate.at("parameters"), json::parse(R"([
      {"name":"bookId","in":"path","required":true,"schema":{"type":"string"}},
      {"name":"Idempotency-Key","in":"header","required":false,"schema":{"type":"string"}}])"));
  EXPECT_EQ(annotate.at("security"), json::parse(R"([{"bearer":[]}])"));
  EXPECT_EQ(annotate.at("requestBody"),
            json::parse(R"({"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}}})"));
  EXPECT_EQ(annotate.at("responses").at("201").at("content").at("application/json").at("schema").at("properties"),
            json::parse(R"({"success":{"type":"boolean"},"data":{"$ref":"#/components/schemas/Note"},
                            "message":{"type":"string"}})"));
  EXPECT_EQ(annotate.at("responses").as_object().size(), 4u);
  for (const char* refusal : {"401", "422", "default"}) {
    EXPECT_EQ(annotate.at("responses").at(refusal).at("content"), kProblem);
  }
}

TEST(OpenApi, KnowsAnswersThatAreNotJson) {
  EXPECT_FALSE(operation("/books/{bookId}", "put").at("responses").at("204").as_object().contains("content"));
  EXPECT_TRUE(operation("/books/{bookId}/live-feed", "get")
                  .at("responses")
                  .at("200")
                  .at("content")
                  .as_object()
                  .contains("text/event-stream"));
  EXPECT_EQ(operation("/books/{bookId}/live-feed", "get").at("operationId"), json::value("getBooksByBookIdLiveFeed"));
  EXPECT_EQ(operation("/page", "get").at("responses").at("200").at("content"), json::parse(R"({"text/html":{"schema":{}}})"));
  EXPECT_EQ(operation("/cached", "get").at("responses").at("200").at("content"),
            json::parse(R"({"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}})"));
}

TEST(OpenApi, KnowsAnswersThatThePeerMayHaveAlready) {
  const auto responses = operation("/tagged", "get").at("responses");
  EXPECT_EQ(responses.at("200").at("content"),
            json::parse(R"({"application/json":{"schema":{"$ref":"#/components/schemas/Note"}}})"));
  EXPECT_EQ(responses.at("304"), json::parse(R"({"description":"Not Modified"})"));
  EXPECT_FALSE(operation("/cached", "get").at("responses").as_object().contains("304"));
}

TEST(OpenApi, TakesNoGuardWithoutItsScheme) {
  OpenApi api({.title = "Shelf", .version = "1"});
  EXPECT_THROW(api.add<Shelf>(), std::logic_error);
}

TEST(OpenApi, HasNoRouteThatIsOpenByMistake) {
  static_assert(every_route_says_who_may_ask<Shelf>());
  static_assert(!every_route_says_who_may_ask<Careless>());
}

}  // namespace
}  // namespace atrium::web
