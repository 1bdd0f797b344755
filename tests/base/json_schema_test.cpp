#include "base/json_schema.h"

#include <gtest/gtest.h>

namespace atrium {

namespace zoo {

enum class Diet { plants, meat, all_ };
BOOST_DESCRIBE_ENUM(Diet, plants, meat, all_)

struct Animal {
  Text<1, 20, "a-z-"> name;
  Diet diet = Diet::plants;
  std::optional<WholeNumber<0, 200>> age;
};
BOOST_DESCRIBE_STRUCT(Animal, (), (name, diet, age))

struct Bird : Animal {
  double wingspan = 0;
  Nullable<Diet> fed;
  Nullable<std::string> ring;
  Nullable<Animal> prey;
};
BOOST_DESCRIBE_STRUCT(Bird, (Animal), (wingspan, fed, ring, prey))

struct Cage {
  std::vector<Bird> birds;
  std::map<std::string, std::uint32_t> grains;
  std::vector<Cage> inside;
  json::value label;
};
BOOST_DESCRIBE_STRUCT(Cage, (), (birds, grains, inside, label))

template <class T>
struct Box {
  T data;
  BOOST_DESCRIBE_CLASS(Box, (), (data), (), ())
};

}  // namespace zoo

namespace farm {

struct Animal {
  bool milked = false;
};
BOOST_DESCRIBE_STRUCT(Animal, (), (milked))

}  // namespace farm

namespace {

json::value parsed(const char* text) { return json::parse(text); }

TEST(JsonSchemas, SayOfSimpleThingsWhatTheyAre) {
  JsonSchemas schemas;
  EXPECT_EQ(schemas.of<std::string>(), parsed(R"({"type":"string"})"));
  EXPECT_EQ(schemas.of<bool>(), parsed(R"({"type":"boolean"})"));
  EXPECT_EQ(schemas.of<std::int32_t>(), parsed(R"({"type":"integer"})"));
  EXPECT_EQ(schemas.of<std::uint64_t>(), parsed(R"({"type":"integer","minimum":0})"));
  EXPECT_EQ(schemas.of<double>(), parsed(R"({"type":"number"})"));
  EXPECT_EQ(schemas.of<std::nullptr_t>(), parsed(R"({"type":"null"})"));
  EXPECT_EQ(schemas.of<json::value>(), parsed("{}"));
  EXPECT_TRUE(schemas.named().empty());
}

TEST(JsonSchemas, NameEveryStructOnceWithItsMembers) {
  JsonSchemas schemas;
  EXPECT_EQ(schemas.of<zoo::Animal>(), parsed(R"({"$ref":"#/components/schemas/Animal"})"));
  EXPECT_EQ(schemas.of<zoo::Animal>(), parsed(R"({"$ref":"#/components/schemas/Animal"})"));
  EXPECT_EQ(schemas.named(), parsed(R"({"Animal":{"type":"object","properties":{
      "name":{"type":"string","minLength":1,"maxLength":20,"pattern":"^[a-z-]*$"},
      "diet":{"type":"string","enum":["plants","meat","all"]},
      "age":{"type":"integer","minimum":0,"maximum":200}},"required":["name","diet"]}})"));
}

TEST(JsonSchemas, CountMembersOfBasesAndNullAndOtherStructsIn) {
  JsonSchemas schemas("#/$defs/");
  schemas.of<zoo::Bird>();
  const json::object& bird = schemas.named().at("Bird").as_object();
  EXPECT_EQ(bird.at("required"), parsed(R"(["name","diet","wingspan","fed","ring","prey"])"));
  const json::object& members = bird.at("properties").as_object();
  EXPECT_EQ(members.at("fed"), parsed(R"({"anyOf":[{"type":"string","enum":["plants","meat","all"]},{"type":"null"}]})"));
  EXPECT_EQ(members.at("ring"), parsed(R"({"type":["string","null"]})"));
  EXPECT_EQ(members.at("prey"), parsed(R"({"anyOf":[{"$ref":"#/$defs/Animal"},{"type":"null"}]})"));
}

TEST(JsonSchemas, FollowListsTablesAndStructsThatHoldThemselves) {
  JsonSchemas schemas;
  schemas.of<zoo::Cage>();
  EXPECT_EQ(schemas.named().at("Cage").at("properties"),
            parsed(R"({"birds":{"type":"array","items":{"$ref":"#/components/schemas/Bird"}},
                       "grains":{"type":"object","additionalProperties":{"type":"integer","minimum":0}},
                       "inside":{"type":"array","items":{"$ref":"#/components/schemas/Cage"}},
                       "label":{}})"));
}

TEST(JsonSchemas, WriteWhatComesOfATemplateWhereItStands) {
  JsonSchemas schemas;
  EXPECT_EQ(schemas.of<zoo::Box<bool>>(),
            parsed(R"({"type":"object","properties":{"data":{"type":"boolean"}},"required":["data"]})"));
  EXPECT_TRUE(schemas.named().empty());
}

TEST(JsonSchemas, TellTwoTypesOfOneNameApart) {
  JsonSchemas schemas;
  EXPECT_EQ(schemas.of<zoo::Animal>(), parsed(R"({"$ref":"#/components/schemas/Animal"})"));
  EXPECT_EQ(schemas.of<farm::Animal>(), parsed(R"({"$ref":"#/components/schemas/farm.Animal"})"));
  EXPECT_EQ(schemas.of<zoo::Animal>(), parsed(R"({"$ref":"#/components/schemas/Animal"})"));
  EXPECT_EQ(schemas.named().at("farm.Animal").at("required"), parsed(R"(["milked"])"));
}

template <class T>
std::string complaint(const json::value& value) {
  const auto read = from_json<T>(value);
  return read ? "none" : read.error().message;
}

TEST(Text, IsCountedInCharacters) {
  using Name = Text<1, 3>;
  EXPECT_EQ(complaint<Name>("äöü"), "none");
  EXPECT_EQ(complaint<Name>(""), "must have 1 to 3 characters");
  EXPECT_EQ(complaint<Name>("äöüx"), "must have 1 to 3 characters");
  EXPECT_EQ((complaint<Text<0, 3>>("long")), "must have at most 3 characters");
  EXPECT_EQ((complaint<Text<0, 3>>("")), "none");
  EXPECT_EQ(complaint<Name>(7), "must be a string");
}

TEST(Text, TakesOnlyCharactersOfItsAlphabet) {
  using Word = Text<1, 9, "a-z0-9-">;
  EXPECT_EQ(complaint<Word>("a-9"), "none");
  for (const char* bad : {"A", "a b", "a_b", "ä", "a/", "`", "{", ".", ":"}) {
    EXPECT_EQ(complaint<Word>(bad), "must have 1 to 9 characters out of a-z0-9-") << bad;
  }
}

TEST(Text, IsWrittenAsAString) { EXPECT_EQ(to_json(Text<1, 3>{"abc"}), json::value("abc")); }

}  // namespace
}  // namespace atrium
