// The checker is checked: a made-up house for every way in which a house can be wrong.
#include "tests/architecture/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace atrium::architecture {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Layers kLayers{{"base", {}}, {"net", {"base"}}, {"http", {"base", "net"}}, {"web", {"base", "http"}}, {"main", {"web"}}};

std::vector<std::string> complaints(std::vector<SourceFile> files) { return complaints_about(kLayers, files); }

TEST(Layers, AreReadFromTheirText) {
  EXPECT_EQ(parse_layers("# a comment: not a floor\n\nbase:\nnet: base   # and no more\nhttp: base net\n"),
            (Layers{{"base", {}}, {"net", {"base"}}, {"http", {"base", "net"}}}));
}

TEST(Layers, MayNotNameAFloorThatIsNone) {
  EXPECT_THAT(complaints_about(Layers{{"net", {"bass"}}}),
              ElementsAre("layers.txt lets net include from bass, which it does not name"));
}

TEST(Layers, MayNotCloseARing) {
  EXPECT_THAT(complaints_about(Layers{{"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}}),
              ElementsAre("layers.txt has a ring: a -> b -> c -> a"));
  EXPECT_THAT(complaints_about(Layers{{"a", {"b", "c"}}, {"b", {"c"}}, {"c", {}}}), IsEmpty()) << "two ways down are no ring";
}

TEST(IncludesOf, FindsThemHoweverTheyAreWritten) {
  EXPECT_EQ(includes_of("#pragma once\n#include <map>\n  #  include \"net/shard.h\"  // why\n"
                        "// #include \"no/no.h\"\n#included\n"),
            (std::vector<Include>{{"map", false}, {"net/shard.h", true}}));
}

TEST(House, StandsWhenArrowsGoDown) {
  EXPECT_THAT(complaints({{"base/bytes.h", "#include <string>\n"},
                          {"net/shard.h", "#include \"base/bytes.h\"\n"},
                          {"net/shard.cpp", "#include \"net/shard.h\"\n#include <boost/asio/io_context.hpp>\n"},
                          {"http/parser.cpp", "#include <boost/beast/http.hpp>\n#include \"net/shard.h\"\n"},
                          {"web/router.h", "#include \"base/bytes.h\"\n"},
                          {"main.cpp", "#include \"web/router.h\"\n"}}),
              IsEmpty());
}

TEST(House, FallsWhenAnIncludeClimbs) {
  EXPECT_THAT(complaints({{"http/x.h", ""}, {"net/shard.h", "#include \"http/x.h\"\n"}}),
              ElementsAre("net/shard.h includes \"http/x.h\": net may not include from http"));
}

TEST(House, FallsWhenAnIncludeSkipsToAFloorThatIsNotNamed) {
  EXPECT_THAT(complaints({{"net/shard.h", ""}, {"web/a.h", "#include \"net/shard.h\"\n"}}),
              ElementsAre("web/a.h includes \"net/shard.h\": web may not include from net"));
}

TEST(House, FallsWhenAFileLiesOnNoFloor) {
  EXPECT_THAT(complaints({{"cellar/rat.h", "#include \"base/bytes.h\"\n"}}),
              ElementsAre("cellar/rat.h lies on no floor of layers.txt"));
  EXPECT_THAT(complaints({{"util.h", ""}}), ElementsAre("util.h lies on no floor of layers.txt"));
}

TEST(House, FallsWhenAnIncludeLeadsNowhere) {
  EXPECT_THAT(complaints({{"net/a.h", "#include \"shard.h\"\n"}}),
              ElementsAre("net/a.h includes \"shard.h\", which names no floor of layers.txt"));
  EXPECT_THAT(complaints({{"net/a.h", "#include \"../http/x.h\"\n"}}),
              ElementsAre("net/a.h includes \"../http/x.h\", which names no floor of layers.txt"));
  EXPECT_THAT(complaints({{"net/a.h", "#include \"net/gone.h\"\n"}}),
              ElementsAre("net/a.h includes \"net/gone.h\", which is not there"));
}

TEST(House, FallsWhenFilesOfOneFloorCloseARing) {
  EXPECT_THAT(complaints({{"net/a.h", "#include \"net/b.h\"\n"},
                          {"net/b.h", "#include \"net/c.h\"\n"},
                          {"net/c.h", "#include \"net/a.h\"\n"}}),
              ElementsAre("includes close a ring: net/a.h -> net/b.h -> net/c.h -> net/a.h"));
}

TEST(House, FallsWhenAsioIsSeenAboveItsFloors) {
  EXPECT_THAT(complaints({{"web/a.cpp", "#include <boost/asio/post.hpp>\n"}}),
              ElementsAre("web/a.cpp includes <boost/asio/post.hpp>, which only net and http may"));
  EXPECT_THAT(complaints({{"base/a.cpp", "#include <boost/beast/core.hpp>\n"}}),
              ElementsAre("base/a.cpp includes <boost/beast/core.hpp>, which only net and http may"));
  EXPECT_THAT(complaints({{"main.cpp", "#include <boost/asio.hpp>\n"}}),
              ElementsAre("main.cpp includes <boost/asio.hpp>, which only net and http may"));
}

TEST(House, FallsUnderAFileThatIsTooLong) {
  EXPECT_THAT(complaints({{"net/long.cpp", std::string(kMaxLines, '\n')}}), IsEmpty());
  EXPECT_THAT(complaints({{"net/long.cpp", std::string(kMaxLines + 1, '\n')}}),
              ElementsAre("net/long.cpp has 451 lines; at most 450 are read in one go"));
}

TEST(House, TellsAllThatIsWrongAtOnce) {
  EXPECT_THAT(
      complaints({{"base/a.h", "#include \"net/b.h\"\n#include <boost/asio.hpp>\n"}, {"net/b.h", "#include \"base/a.h\"\n"}}),
      ElementsAre("base/a.h includes \"net/b.h\": base may not include from net",
                  "base/a.h includes <boost/asio.hpp>, which only net and http may",
                  "includes close a ring: base/a.h -> net/b.h -> base/a.h"));
}

}  // namespace
}  // namespace atrium::architecture
