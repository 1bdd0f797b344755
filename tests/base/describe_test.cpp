#include "base/describe.h"

#include <gtest/gtest.h>

namespace atrium {

struct Part {
  std::string name;
  std::optional<std::int32_t> count;
};
BOOST_DESCRIBE_STRUCT(Part, (), (name, count))

struct Whole {
  std::string id;
  bool active = false;
  double weight = 0;
  std::vector<Part> items;
  std::optional<Part> extra;
};
BOOST_DESCRIBE_STRUCT(Whole, (), (id, active, weight, items, extra))

struct Numbers {
  std::optional<std::uint8_t> octet;
  std::optional<std::int64_t> large;
  std::optional<json::value> anything;
};
BOOST_DESCRIBE_STRUCT(Numbers, (), (octet, large, anything))

namespace {

constexpr const char* kGood =
    R"({"id":"a","active":true,"weight":1.5,"items":[{"name":"x","count":2},{"name":"y"}],"extra":{"name":"z"}})";

/// "field: message" for what is wrong with `text`.
template <class T>
std::string complaint(const std::string& text) {
  const auto read = from_json<T>(json::parse(text));
  return read ? "none" : read.error().field + ": " + read.error().message;
}

/// kGood with one member replaced.
std::string with(const std::string& member, const std::string& value) {
  json::value whole = json::parse(kGood);
  whole.as_object()[member] = json::parse(value);
  return json::serialize(whole);
}

TEST(Describe, ReadsWhatIsThere) {
  const auto whole = from_json<Whole>(json::parse(kGood));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->id, "a");
  EXPECT_TRUE(whole->active);
  EXPECT_EQ(whole->weight, 1.5);
  ASSERT_EQ(whole->items.size(), 2u);
  EXPECT_EQ(whole->items[0].count, 2);
  EXPECT_EQ(whole->items[1].count, std::nullopt);
  EXPECT_EQ(whole->extra->name, "z");
}

TEST(Describe, NamesTheMemberThatIsWrong) {
  EXPECT_EQ(complaint<Whole>(with("id", "7")), "id: must be a string");
  EXPECT_EQ(complaint<Whole>(with("id", "null")), "id: must be a string");
  EXPECT_EQ(complaint<Whole>(with("active", R"("yes")")), "active: must be true or false");
  EXPECT_EQ(complaint<Whole>(with("weight", R"("heavy")")), "weight: must be a number");
  EXPECT_EQ(complaint<Whole>(with("items", "{}")), "items: must be a list");
}

TEST(Describe, NamesTheWholePathToIt) {
  EXPECT_EQ(complaint<Whole>(with("items", R"([{"name":"x"},{"name":"y"},{"name":3}])")), "items.2.name: must be a string");
  EXPECT_EQ(complaint<Whole>(with("items", R"([{"name":"x","count":"2"}])")), "items.0.count: must be a whole number in range");
  EXPECT_EQ(complaint<Whole>(with("items", R"([{"name":"x"},"y"])")), "items.1: must be an object");
  EXPECT_EQ(complaint<Whole>(with("extra", "{}")), "extra.name: is missing");
}

TEST(Describe, MissesWhatIsNotOptional) {
  EXPECT_EQ(complaint<Whole>("{}"), "id: is missing");
  EXPECT_EQ(complaint<Whole>(R"({"id":"a"})"), "active: is missing");
  EXPECT_EQ(complaint<Part>(R"({"name":"x"})"), "none");
}

TEST(Describe, HasNoFieldToNameWhenTheWholeIsWrong) {
  for (const char* text : {"[]", "null", "3", R"("text")", "true"}) {
    EXPECT_EQ(complaint<Part>(text), ": must be an object") << text;
  }
}

TEST(Describe, TakesNullForAnOptionalThatIsEmpty) {
  const auto part = from_json<Part>(json::parse(R"({"name":"x","count":null})"));
  ASSERT_TRUE(part);
  EXPECT_EQ(part->count, std::nullopt);
}

TEST(Describe, IgnoresWhatItDoesNotKnow) { EXPECT_EQ(complaint<Part>(R"({"name":"x","newer":{"a":[1]}})"), "none"); }

TEST(Describe, TakesNumbersThatFit) {
  EXPECT_EQ(from_json<Numbers>(json::parse(R"({"octet":255})"))->octet, 255);
  EXPECT_EQ(from_json<Numbers>(json::parse(R"({"octet":7.0})"))->octet, 7) << "in JSON 7.0 is 7";
  const auto least = from_json<Numbers>(json::parse(R"({"large":-9223372036854775808})"));
  EXPECT_EQ(least->large, std::numeric_limits<std::int64_t>::min());
  for (const char* number : {"256", "-1", "1.5", "1e30", R"("1")", "true", "[1]"}) {
    const std::string text = std::string(R"({"octet":)") + number + "}";
    EXPECT_EQ(complaint<Numbers>(text), "octet: must be a whole number in range") << number;
  }
  EXPECT_EQ(complaint<Numbers>(R"({"large":9223372036854775808})"), "large: must be a whole number in range");
}

TEST(Describe, KeepsAnythingAsItIs) {
  EXPECT_EQ(from_json<Numbers>(json::parse(R"({"anything":{"a":[1,"b"]}})"))->anything, json::parse(R"({"a":[1,"b"]})"));
}

TEST(Describe, WritesWhatItReads) { EXPECT_EQ(to_json(*from_json<Whole>(json::parse(kGood))), json::parse(kGood)); }

TEST(Describe, LeavesEmptyMembersOutWhereverTheyAre) {
  EXPECT_EQ(json::serialize(to_json(Part{.name = "x", .count = {}})), R"({"name":"x"})");
  EXPECT_EQ(json::serialize(to_json(std::vector<Part>{{.name = "x", .count = {}}})), R"([{"name":"x"}])");
  const Part empty{.name = "x", .count = {}};
  const Whole whole{.id = "a", .active = true, .weight = 1.5, .items = {empty}, .extra = empty};
  EXPECT_EQ(to_json(whole),
            json::parse(R"({"id":"a","active":true,"weight":1.5,"items":[{"name":"x"}],"extra":{"name":"x"}})"));
}

}  // namespace
}  // namespace atrium
