#include "chat/nodes/facts.h"

#include <gmock/gmock.h>

#include <limits>
#include <set>

namespace atrium::chat::facts {
namespace {

/// One of each fact, with nothing in it as it is by default.
template <class Fact>
Fact example();
template <>
Said example() {
  return {.kind = MessageFrame::Kind::edited,
          .messageId = "m1",
          .channelId = "general",
          .senderId = "alice",
          .senderName = "Alice \"Al\" Ü",
          .content = "two\nlines, @bob \xF0\x9F\x8E\x89",
          .clientMsgId = "c1",
          .seq = 7,
          .rev = 2,
          .modSeq = std::uint64_t{1} << 53,
          .mentions = {"bob", "carol"},
          .createdAt = 1'700'000'000'123,
          .updatedAt = 1'700'000'000'456};
}
template <>
Read example() {
  return {.channelId = "general", .userId = "alice", .seq = 7, .unread = 3, .receipts = true};
}
template <>
InChannel example() {
  return {.channelId = "general", .userId = "alice", .in = true, .sockets = 2};
}
template <>
Types example() {
  return {.channelId = "general", .typist = {.userId = "alice", .name = "Alice", .lasts = 9'000}, .types = true};
}
template <>
Channel example() {
  return {.channelId = "general",
          .users = {"alice", "bob"},
          .typists = {{.userId = "alice", .name = "Alice", .lasts = 9'000}, {.userId = "bob", .name = "Bob", .lasts = 1}},
          .sockets = 3};
}
template <>
Here example() {
  return {.userId = "alice", .name = "Alice", .workspaces = {"red", "blue"}, .sockets = 2, .awake = true, .activeAgo = 1'500};
}
template <>
Gone example() {
  return {.userId = "alice"};
}
template <>
Roster example() {
  Here bob = example<Here>();
  bob.userId = "bob";
  bob.awake = false;
  return {.users = {example<Here>(), bob}};
}
template <>
Chose example() {
  return {.userId = "alice", .status = "dnd", .until = 1'700'000'060'000};
}
template <>
LeftChannel example() {
  return {.channelId = "general", .userId = "alice", .reason = "removed"};
}
template <>
ClosedChannel example() {
  return {.channelId = "general"};
}
template <>
EnteredChannel example() {
  return {.channelId = "general", .userId = "alice"};
}
template <>
EnteredWorkspace example() {
  return {.workspaceId = "red", .userId = "alice"};
}
template <>
LeftWorkspace example() {
  return {.workspaceId = "red", .userId = "alice", .channels = {"general", "random"}};
}
template <>
ClosedWorkspace example() {
  return {.workspaceId = "red", .channels = {"general", "random"}};
}
template <>
EndedSession example() {
  return {.sessionId = "s1"};
}
template <>
Deactivated example() {
  return {.userId = "alice"};
}

using All =
    ::testing::Types<Said, Read, InChannel, facts::Types, Channel, Here, Gone, Roster, Chose, LeftChannel, ClosedChannel,
                     EnteredChannel, EnteredWorkspace, LeftWorkspace, ClosedWorkspace, EndedSession, Deactivated>;

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (describe_parts::is_vector<T>::value) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return same(x, y); });
  } else if constexpr (Described<T>) {
    bool all = true;
    boost::mp11::mp_for_each<describe_parts::MembersOf<T>>(
        [&](auto member) { all &= same(a.*member.pointer, b.*member.pointer); });
    return all;
  } else {
    return a == b;
  }
}

/// As another node gets it.
json::value over_the_wire(const json::value& value) { return json::parse(json::serialize(value)); }

template <class Fact>
class FactsTest : public ::testing::Test {
 protected:
  /// `check(name, optional)` for each field.
  template <class Check>
  static void each_field(Check check) {
    boost::mp11::mp_for_each<describe_parts::MembersOf<Fact>>([&](auto member) {
      using Field = std::remove_cvref_t<decltype(std::declval<Fact>().*member.pointer)>;
      check(member.name, describe_parts::is_optional<Field>::value);
    });
  }
};

struct NameOf {
  template <class Fact>
  static std::string GetName(int) {
    return std::string(Fact::kName);
  }
};
TYPED_TEST_SUITE(FactsTest, All, NameOf);

TYPED_TEST(FactsTest, SurvivesTheWay) {
  const auto fact = example<TypeParam>();
  const auto read = from_json<TypeParam>(over_the_wire(to_json(fact)));
  ASSERT_TRUE(read) << read.error().field << " " << read.error().message;
  EXPECT_TRUE(same(*read, fact)) << to_json(*read);
}

TYPED_TEST(FactsTest, SurvivesTheWayThoughItSaysNothing) {
  const TypeParam fact{};
  const auto read = from_json<TypeParam>(over_the_wire(to_json(fact)));
  ASSERT_TRUE(read) << read.error().field << " " << read.error().message;
  EXPECT_TRUE(same(*read, fact)) << to_json(*read);
}

TYPED_TEST(FactsTest, IsRefusedByTheNameOfAFieldThatIsMissing) {
  const json::value whole = to_json(example<TypeParam>());
  this->each_field([&](const char* name, bool optional) {
    json::value value = whole;
    ASSERT_EQ(value.as_object().erase(name), 1u) << name;
    const auto read = from_json<TypeParam>(over_the_wire(value));
    if (optional) {
      EXPECT_TRUE(read) << name;
    } else {
      ASSERT_FALSE(read) << name;
      EXPECT_EQ(read.error().field, name);
      EXPECT_EQ(read.error().message, "is missing");
    }
  });
}

TYPED_TEST(FactsTest, IsRefusedByTheNameOfAFieldOfAnotherKind) {
  const json::value whole = to_json(example<TypeParam>());
  this->each_field([&](const char* name, bool) {
    json::value value = whole;
    value.as_object()[name] = json::object();
    const auto read = from_json<TypeParam>(value);
    ASSERT_FALSE(read) << name;
    EXPECT_THAT(read.error().field, ::testing::StartsWith(name));
  });
}

TYPED_TEST(FactsTest, IsUnderstoodThoughANewerNodeSaysMore) {
  const auto fact = example<TypeParam>();
  json::value value = to_json(fact);
  value.as_object()["new"] = "field";
  const auto read = from_json<TypeParam>(over_the_wire(value));
  ASSERT_TRUE(read);
  EXPECT_TRUE(same(*read, fact));
}

TEST(Facts, HasANameForEach) {
  std::set<std::string_view> names;
  boost::mp11::mp_for_each<
      boost::mp11::mp_transform<boost::mp11::mp_identity, boost::mp11::mp_rename<All, boost::mp11::mp_list>>>(
      [&](auto fact) { EXPECT_TRUE(names.insert(decltype(fact)::type::kName).second) << decltype(fact)::type::kName; });
}

TEST(Facts, TellsEachKindOfChangeOfAMessage) {
  for (const auto kind : {MessageFrame::Kind::created, MessageFrame::Kind::edited, MessageFrame::Kind::deleted}) {
    Said said;
    said.kind = kind;
    const auto read = from_json<Said>(over_the_wire(to_json(said)));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, kind);
  }
}

TEST(Facts, TellsTheLargestNumbers) {
  Said said = example<Said>();
  said.seq = std::numeric_limits<std::uint64_t>::max();
  said.createdAt = std::numeric_limits<std::int64_t>::min();
  const auto read = from_json<Said>(over_the_wire(to_json(said)));
  ASSERT_TRUE(read);
  EXPECT_TRUE(same(*read, said));
}

TEST(Facts, NamesTheFieldThatIsMissingInOneOfMany) {
  json::value roster = to_json(example<Roster>());
  roster.at("users").at(1).as_object().erase("awake");
  EXPECT_EQ(from_json<Roster>(roster).error().field, "users.1.awake");
  json::value channel = to_json(example<Channel>());
  channel.at("typists").at(0).as_object().erase("lasts");
  EXPECT_EQ(from_json<Channel>(channel).error().field, "typists.0.lasts");
  json::value types = to_json(example<facts::Types>());
  types.at("typist").as_object().erase("name");
  EXPECT_EQ(from_json<facts::Types>(types).error().field, "typist.name");
}

TEST(Facts, LeavesOutTheEndOfAChoiceThatHasNone) {
  Chose chose = example<Chose>();
  chose.until.reset();
  const json::value value = to_json(chose);
  EXPECT_FALSE(value.as_object().contains("until"));
  EXPECT_EQ(from_json<Chose>(value)->until, std::nullopt);
}

}  // namespace
}  // namespace atrium::chat::facts
