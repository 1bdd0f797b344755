// The kinds of members beyond JSON's own: words of an enum, bounds, tables, null, and rules of a struct's own.
#include <gtest/gtest.h>

#include "base/describe.h"

namespace atrium {

enum class Access { public_, private_, direct };
BOOST_DESCRIBE_ENUM(Access, public_, private_, direct)

struct Door {
  Access access = Access::private_;
  std::optional<WholeNumber<1, 100>> width;
  std::map<std::string, std::vector<std::int32_t>> keys;
};
BOOST_DESCRIBE_STRUCT(Door, (), (access, width, keys))

struct Cursor {
  Nullable<std::string> next;
};
BOOST_DESCRIBE_STRUCT(Cursor, (), (next))

struct Span {
  std::int32_t from = 0;
  std::int32_t to = 0;

  std::optional<FieldError> check() const {
    if (to < from) return FieldError{"to", "must not lie before from"};
    return {};
  }
};
BOOST_DESCRIBE_STRUCT(Span, (), (from, to))

struct Spans {
  std::vector<Span> items;
};
BOOST_DESCRIBE_STRUCT(Spans, (), (items))

struct NamedSpan : Span {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NamedSpan, (Span), (name))

namespace {

template <class T>
std::string complaint(const std::string& text) {
  const auto read = from_json<T>(json::parse(text));
  return read ? "none" : read.error().field + ": " + read.error().message;
}

TEST(DescribedEnum, IsReadAndWrittenByItsWord) {
  const auto door = from_json<Door>(json::parse(R"({"access":"public","keys":{}})"));
  ASSERT_TRUE(door);
  EXPECT_EQ(door->access, Access::public_);
  EXPECT_EQ(json::serialize(to_json(*door)), R"({"access":"public","keys":{}})");
  EXPECT_EQ(from_json<Door>(json::parse(R"({"access":"direct","keys":{}})"))->access, Access::direct);
}

TEST(DescribedEnum, NamesTheWordsThereAre) {
  for (const char* word : {R"("open")", R"("public_")", R"("")", "0", "null", "[]"}) {
    EXPECT_EQ(complaint<Door>(std::string(R"({"access":)") + word + R"(,"keys":{}})"),
              "access: must be public, private or direct")
        << word;
  }
}

TEST(WholeNumber, IsReadWithinItsBounds) {
  const auto width_of = [](const std::string& number) {
    return from_json<Door>(json::parse(R"({"access":"direct","keys":{},"width":)" + number + "}"));
  };
  EXPECT_EQ(width_of("1")->width, (WholeNumber<1, 100>{1}));
  EXPECT_EQ(*width_of("100")->width, 100);
  EXPECT_EQ(width_of("null")->width, std::nullopt);
  for (const char* number : {"0", "101", "-1", "1.5", "1e30", R"("1")", "true"}) {
    ASSERT_FALSE(width_of(number)) << number;
    EXPECT_EQ(width_of(number).error().field, "width");
    EXPECT_EQ(width_of(number).error().message, "must be a whole number from 1 to 100");
  }
  EXPECT_EQ(json::serialize(to_json(WholeNumber<1, 100>{7})), "7");
}

TEST(Table, IsReadAndWrittenWithItsKeys) {
  const std::string text = R"({"access":"direct","keys":{"ann":[1,2],"bob":[]}})";
  const auto door = from_json<Door>(json::parse(text));
  ASSERT_TRUE(door);
  EXPECT_EQ(door->keys.at("ann"), (std::vector<std::int32_t>{1, 2}));
  EXPECT_EQ(json::serialize(to_json(*door)), text);
}

TEST(Table, NamesTheKeyWhoseValueIsWrong) {
  EXPECT_EQ(complaint<Door>(R"({"access":"direct","keys":{"ann":[1,"x"]}})"), "keys.ann.1: must be a whole number in range");
  EXPECT_EQ(complaint<Door>(R"({"access":"direct","keys":[]})"), "keys: must be an object");
}

TEST(Nullable, IsAlwaysThere) {
  EXPECT_EQ(json::serialize(to_json(Cursor{})), R"({"next":null})");
  EXPECT_EQ(json::serialize(to_json(Cursor{.next = "a"})), R"({"next":"a"})");
  EXPECT_EQ(from_json<Cursor>(json::parse(R"({"next":null})"))->next, std::nullopt);
  EXPECT_EQ(*from_json<Cursor>(json::parse(R"({"next":"a"})"))->next, "a");
  EXPECT_EQ(complaint<Cursor>("{}"), "next: is missing");
  EXPECT_EQ(complaint<Cursor>(R"({"next":1})"), "next: must be a string");
}

TEST(Checked, AsksTheStructsOwnRuleLast) {
  EXPECT_EQ(complaint<Span>(R"({"from":1,"to":2})"), "none");
  EXPECT_EQ(complaint<Span>(R"({"from":2,"to":1})"), "to: must not lie before from");
  EXPECT_EQ(complaint<Span>(R"({"from":2,"to":"1"})"), "to: must be a whole number in range");
}

TEST(Checked, NamesTheWholePath) {
  EXPECT_EQ(complaint<Spans>(R"({"items":[{"from":1,"to":2},{"from":2,"to":1}]})"), "items.1.to: must not lie before from");
}

TEST(Described, HasTheMembersOfItsBaseBeforeItsOwn) {
  const std::string text = R"({"from":1,"to":2,"name":"x"})";
  const auto span = from_json<NamedSpan>(json::parse(text));
  ASSERT_TRUE(span);
  EXPECT_EQ(span->to, 2);
  EXPECT_EQ(json::serialize(to_json(*span)), text);
  EXPECT_EQ(complaint<NamedSpan>(R"({"name":"x"})"), "from: is missing");
  EXPECT_EQ(complaint<NamedSpan>(R"({"from":2,"to":1,"name":"x"})"), "to: must not lie before from");
}

}  // namespace
}  // namespace atrium
