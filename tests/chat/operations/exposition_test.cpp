#include "chat/operations/exposition.h"

#include <gtest/gtest.h>

namespace atrium::chat {
namespace {

TEST(Exposition, SaysOfEachFamilyWhatItIs) {
  Exposition out;
  out.gauge("atrium_waiting", "What waits.", 7);
  out.counter("atrium_events_total", "What came.", 18'446'744'073'709'551'615u);
  EXPECT_EQ(out.text(),
            "# HELP atrium_waiting What waits.\n# TYPE atrium_waiting gauge\natrium_waiting 7\n"
            "# HELP atrium_events_total What came.\n# TYPE atrium_events_total counter\n"
            "atrium_events_total 18446744073709551615\n");
}

TEST(Exposition, NamesTheSamplesOfAFamilyByTheirLabels) {
  Exposition out;
  out.family("x", Exposition::Type::gauge, "X.");
  out.sample(1, {{"shard", "0"}, {"kind", "a"}});
  out.sample(2, {{"shard", "1"}, {"kind", "b"}});
  EXPECT_EQ(out.text(), "# HELP x X.\n# TYPE x gauge\nx{shard=\"0\",kind=\"a\"} 1\nx{shard=\"1\",kind=\"b\"} 2\n");
}

TEST(Exposition, EscapesWhatWouldEndAValueOrALine) {
  Exposition out;
  out.family("x", Exposition::Type::gauge, "a\\b\n\"c\"");
  out.sample(1, {{"job", "a\\b\n\"c\""}});
  EXPECT_EQ(out.text(), "# HELP x a\\\\b\\n\"c\"\n# TYPE x gauge\nx{job=\"a\\\\b\\n\\\"c\\\"\"} 1\n");
}

}  // namespace
}  // namespace atrium::chat
