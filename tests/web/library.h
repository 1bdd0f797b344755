#pragma once

#include <atomic>
#include <coroutine>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "net/shard.h"
#include "web/controller.h"

// A made-up controller with a handler of every kind, behind a provider.

namespace atrium::web {

struct Note {
  std::string title;
  std::optional<std::string> text;

  std::optional<FieldError> check() const {
    if (title.empty()) return FieldError{"title", "must not be empty"};
    return {};
  }
};
BOOST_DESCRIBE_STRUCT(Note, (), (title, text))

struct Page {
  std::optional<WholeNumber<1, 100>> limit;
  std::optional<std::string> before;
  std::optional<bool> newest;
  std::vector<std::string> tag;
};
BOOST_DESCRIBE_STRUCT(Page, (), (limit, before, newest, tag))

struct Needed {
  std::string q;
};
BOOST_DESCRIBE_STRUCT(Needed, (), (q))

struct Numbered {
  std::uint64_t number;
};
BOOST_DESCRIBE_STRUCT(Numbered, (), (number))

struct Reader {
  std::string name;
};
struct Book {
  std::string id;
  std::string reader;
};

struct NoBook {};
inline Problem to_problem(NoBook) { return Problem(404, "BOOK_NOT_FOUND"); }

/// Lets the shard's turn end: what a handler does that waits.
struct NextTurn {
  net::Shard& shard;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) const {
    shard.post([waiter] { waiter.resume(); });
  }
  void await_resume() const noexcept {}
};

class Desk final {
 public:
  static constexpr auto provides() {
    return std::tuple{provide<&Desk::reader>.with({.security = "bearer"}), provide<&Desk::book>};
  }

  mutable std::atomic<int> asked = 0;

 private:
  Task<Reader> reader(Context& context) const {
    ++asked;
    NextTurn next{context.shard()};
    co_await next;
    const auto name = context.request().header("x-reader");
    if (!name) throw Problem(401, "UNAUTHORIZED");
    co_return Reader{std::string(*name)};
  }
  Result<Book, NoBook> book(Path<"bookId"> id, const Reader& who) const {
    if (*id == "lost") return NoBook();
    return Book{.id = *id, .reader = who.name};
  }
};

class Library final : public Controller<Library, Desk> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/plain", &Library::plain>,
        get<"/free", &Library::free_function>,
        get<"/coroutine", &Library::coroutine>.with({.summary = "Waits"}),
        get<"/list", &Library::list>,
        get<"/raw", &Library::raw>,
        get<"/fails", &Library::fails>,
        get<"/fails-late", &Library::fails_late>,
        get<"/refuses", &Library::refuses>,
        get<"/result/:which", &Library::result>,
        get<"/pages", &Library::pages>,
        get<"/needed", &Library::needed>,
        put<"/quiet/:id", &Library::quiet>,
        delete_<"/quiet/:id", &Library::quiet_later>.with({.status = 202}),
        post<"/notes", &Library::write>.with({.status = 201}),
        post<"/anything", &Library::anything>,
        post<"/books/:bookId/notes", &Library::annotate>.with({.status = 201, .summary = "A note in a book"}),
        patch<"/books/:bookId", &Library::amend>,
        get<"/books/:bookId", &Library::show>,
        stream<"/books/:bookId/live", &Library::live>,
        stream<"/bare", &Library::bare>,
        get<"/header", &Library::header>,
    };
  }

  explicit Library(const Desk& desk) : Controller(desk) {}

  std::atomic<int> calls = 0;

 private:
  Numbered plain() { return {static_cast<std::uint64_t>(++calls)}; }
  static json::value free_function(const Context& context) { return json::value{{"path", context.request().path}}; }
  Task<Ok<Numbered>> coroutine(Context& context) const {
    NextTurn next{context.shard()};
    co_await next;
    co_return ok(Numbered{7}, "Waited");
  }
  std::vector<Numbered> list() const noexcept { return {{1}, {2}}; }
  http::Response raw() { return {.status = 418, .headers = {{"X-Pot", "tea"}}, .body = "short and stout"}; }
  Numbered fails() { throw std::runtime_error("a secret"); }
  Task<Numbered> fails_late(Context& context) {
    NextTurn next{context.shard()};
    co_await next;
    throw std::runtime_error("a secret");
  }
  void refuses() { throw Problem(409, "TOO_LATE", "It is too late."); }
  Task<Result<Numbered, NoBook>> result(Path<"which"> which) {
    if (*which == "bad") co_return NoBook();
    co_return Numbered{1};
  }
  json::value pages(Query<Page> page) {
    json::object told{{"limit", page.limit ? json::value(page.limit->value) : json::value()},
                      {"before", page.before.value_or("-")},
                      {"tags", to_json(page.tag)}};
    if (page.newest) told["newest"] = *page.newest;
    return told;
  }
  json::value needed(const Query<Needed>& query) { return json::value(json::string(query.q)); }
  void quiet(Path<"id">) { ++calls; }
  Task<void> quiet_later(Path<"id">) {
    ++calls;
    co_return;
  }
  Note write(Note note) {
    ++calls;
    return note;
  }
  json::value anything(const json::value& body) { return body; }
  Task<Ok<Note>> annotate(Note note, Context& context, const Book& book, const Reader& reader) {
    ++calls;
    NextTurn next{context.shard()};
    co_await next;
    note.text = book.id + " by " + reader.name;
    co_return ok(std::move(note));
  }
  Note amend(const Reader&, const Note& note) { return note; }
  json::value show(const Book& book) { return json::value{{"id", book.id}, {"reader", book.reader}}; }
  json::value header(Header<"X-Reader"> reader) { return json::value(json::string(reader.value.value_or("nobody"))); }
  void live(const Book& book, std::unique_ptr<SseStream> events) { events->send("book", book.id); }
  Task<void> bare(Context& context) {
    context.exchange()->start_stream({.status = 200, .headers = {}, .body = {}});
    context.exchange()->write_stream("bare");
    co_return;
  }
};

}  // namespace atrium::web
