#include <gmock/gmock.h>

#include "tests/storage/store_contract.h"

namespace atrium::storage {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const UserId kAlice("alice");
const WorkspaceId kDefault("default");

std::size_t field(std::string_view name) {
  for (std::size_t i = 0; i < ChannelStore::kFields.size(); ++i) {
    if (ChannelStore::kFields[i].name == name) return i;
  }
  throw std::logic_error("no such field");
}

ListFilter where(std::string_view name, ListOp op, std::vector<ListValue> values) {
  return {.field = field(name), .op = op, .values = std::move(values)};
}

/// Channels a, b, c, d, each an hour after the one before.
class ListingContract : public StoreContract {
 protected:
  ListingContract() {
    given_workspace("default");
    const auto add = [this](std::string name, std::string description) {
      await(channels().create({.workspace = kDefault, .name = std::move(name), .description = std::move(description)}));
      times_.push_back(clock_.wall().time_since_epoch().count());
      clock_.advance(std::chrono::hours(1));
    };
    add("a", "100% Cotton");
    add("b", "under_score");
    add("c", "100 percent");
    add("d", "back\\slash");
  }
  std::vector<std::string> names(ListQuery query) {
    std::vector<std::string> names;
    for (const Channel& channel : await(channels().list(kDefault, kAlice, std::move(query))).records) {
      names.push_back(channel.name);
    }
    return names;
  }
  std::vector<std::string> names_where(std::string_view name, ListOp op, std::vector<ListValue> values) {
    return names({.filters = {where(name, op, std::move(values))}});
  }

  std::vector<std::int64_t> times_;
};
INSTANTIATE_TEST_SUITE_P(Databases, ListingContract, kEveryKind, kind_of);

TEST_P(ListingContract, APageHasItsPlaceAndTellsOfTheNext) {
  const auto page = [&](std::uint64_t number) {
    return await(channels().list(kDefault, kAlice, {.page = number, .limit = 2}));
  };
  EXPECT_EQ(page(1).total, 4U);
  EXPECT_TRUE(page(1).has_next);
  EXPECT_FALSE(page(2).has_next);
  EXPECT_EQ(page(2).records.front().name, "c");
  EXPECT_THAT(page(3).records, IsEmpty());
  EXPECT_EQ(page(3).total, 4U);
}

TEST_P(ListingContract, SortsByEachFieldThatIsNamed) {
  EXPECT_THAT(names({.sort = {{field("name"), true}}}), ElementsAre("d", "c", "b", "a"));
  EXPECT_THAT(names({.sort = {{field("createdAt"), true}, {field("name"), false}}}), ElementsAre("d", "c", "b", "a"));
  EXPECT_THAT(names({.sort = {{field("type"), true}, {field("description"), false}}}), ElementsAre("c", "a", "d", "b"));
}

TEST_P(ListingContract, EveryComparisonHoldsWhatItSays) {
  EXPECT_THAT(names_where("name", ListOp::eq, {"b"}), ElementsAre("b"));
  EXPECT_THAT(names_where("name", ListOp::neq, {"b"}), ElementsAre("a", "c", "d"));
  EXPECT_THAT(names_where("name", ListOp::gt, {"b"}), ElementsAre("c", "d"));
  EXPECT_THAT(names_where("name", ListOp::gte, {"b"}), ElementsAre("b", "c", "d"));
  EXPECT_THAT(names_where("name", ListOp::lt, {"b"}), ElementsAre("a"));
  EXPECT_THAT(names_where("name", ListOp::lte, {"b"}), ElementsAre("a", "b"));
  EXPECT_THAT(names_where("name", ListOp::between, {"b", "c"}), ElementsAre("b", "c"));
  EXPECT_THAT(names_where("name", ListOp::in, {"a", "d", "x"}), ElementsAre("a", "d"));
  EXPECT_THAT(names_where("createdAt", ListOp::gte, {times_[2]}), ElementsAre("c", "d"));
}

TEST_P(ListingContract, WhatTextContainsIsTakenAsItStandsButForItsCase) {
  EXPECT_THAT(names_where("description", ListOp::contains, {"0% c"}), ElementsAre("a"));
  EXPECT_THAT(names_where("description", ListOp::contains, {"_"}), ElementsAre("b"));
  EXPECT_THAT(names_where("description", ListOp::contains, {"\\"}), ElementsAre("d"));
  EXPECT_THAT(names_where("description", ListOp::starts, {"100"}), ElementsAre("a", "c"));
  EXPECT_THAT(names_where("description", ListOp::starts, {"%"}), IsEmpty());
  EXPECT_THAT(names_where("description", ListOp::ends, {"TON"}), ElementsAre("a"));
  EXPECT_THAT(names_where("description", ListOp::ends, {"a much longer text than any"}), IsEmpty());
}

TEST_P(ListingContract, AllFiltersHoldAndTheSearchLooksInEveryText) {
  EXPECT_THAT(names({.filters = {where("description", ListOp::contains, {"100"}), where("name", ListOp::neq, {"a"})}}),
              ElementsAre("c"));
  EXPECT_THAT(names({.q = "100"}), ElementsAre("a", "c"));
  EXPECT_THAT(names({.q = "D"}), ElementsAre("b", "d"));
  EXPECT_THAT(names({.q = "' OR 1=1 --"}), IsEmpty());
}

TEST_P(ListingContract, NothingThatIsAskedShowsAChannelOfOthers) {
  given_channel("secret", ChannelType::private_);
  EXPECT_THAT(names({.filters = {where("name", ListOp::eq, {"secret"})}}), IsEmpty());
  EXPECT_THAT(names({.q = "secret"}), IsEmpty());
}

TEST_P(ListingContract, CountingEnds) {
  if (GetParam() != "memory:") return;  // ten thousand commits take their time on a disk; the statement is the same
  for (std::uint64_t i = 0; i < kCountAtMost; ++i) await(channels().create({.workspace = kDefault, .name = std::to_string(i)}));
  EXPECT_EQ(await(channels().list(kDefault, kAlice, {})).total, kCountAtMost);
}

}  // namespace

}  // namespace atrium::storage
