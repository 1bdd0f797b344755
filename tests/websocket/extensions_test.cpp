#include "websocket/extensions.h"

#include <gtest/gtest.h>

namespace atrium::websocket {
namespace {

const std::string kAccepted = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// "name;parameter=value,..." of what was read; "malformed".
std::string offers(std::string_view header) {
  const auto parsed = parse_extensions(header);
  if (!parsed) return "malformed";
  std::string text;
  for (const auto& offer : *parsed) {
    if (!text.empty()) text += ",";
    text += offer.name;
    for (const auto& [name, value] : offer.parameters) text += ";" + name + (value ? "=" + *value : "");
  }
  return text;
}

/// The answer; "declined".
std::string answer(std::string_view header) {
  const auto parsed = parse_extensions(header);
  if (!parsed) return "malformed";
  return accept_deflate(*parsed).value_or("declined");
}

TEST(Extensions, AreReadWithTheirParameters) {
  EXPECT_EQ(offers(""), "");
  EXPECT_EQ(offers("a"), "a");
  EXPECT_EQ(offers("a, b;x;y=1 , c"), "a,b;x;y=1,c");
  EXPECT_EQ(offers(" a ;\tx = 1; y = \"2\" ,b"), "a;x=1;y=2,b");
  EXPECT_EQ(offers(R"(a;x="1\5")"), "a;x=15");
  EXPECT_EQ(offers(",, a ,,b,"), "a,b") << "empty elements of a list count for nothing";
  EXPECT_EQ(offers("permessage-deflate; client_max_window_bits"), "permessage-deflate;client_max_window_bits");
}

TEST(Extensions, MayBeMalformed) {
  for (const std::string_view header :
       {"a b",      "a;",      "a;;x",        "a;=1",      "a;x=",       "a;x=,b",  ";",     "=",     "a/b",     "a;x=\"",
        "a;x=\"\"", "a;x=\"1", "a;x=\"a b\"", "a;x=\"1\\", "a;x=\"1\"2", "a;x=1 2", "a\x01", "\"a\"", "a;x=(1)", "\xc3\xa4"}) {
    EXPECT_EQ(offers(header), "malformed") << header;
  }
}

TEST(DeflateOffer, IsAcceptedWithoutTakingContextsOver) {
  EXPECT_EQ(answer("permessage-deflate"), kAccepted);
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits"), kAccepted) << "what browsers offer";
  EXPECT_EQ(answer("permessage-deflate; server_no_context_takeover"), kAccepted);
  EXPECT_EQ(answer("permessage-deflate; client_no_context_takeover; server_no_context_takeover"), kAccepted);
}

TEST(DeflateOffer, MayNameAnyWindowOfTheClient) {
  for (int bits = 8; bits <= 15; ++bits) {
    EXPECT_EQ(answer("permessage-deflate; client_max_window_bits=" + std::to_string(bits)), kAccepted) << bits;
  }
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits=\"10\""), kAccepted);
}

TEST(DeflateOffer, MayDemandTheServersWindowOnlyAsItIs) {
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=15"), kAccepted + "; server_max_window_bits=15");
  for (int bits = 8; bits <= 14; ++bits) {
    EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=" + std::to_string(bits)), "declined") << bits;
  }
}

TEST(DeflateOffer, IsDeclinedWhereItBreaksTheRfc) {
  for (const std::string_view parameters :
       {"unknown", "server_no_context_takeover=1", "client_no_context_takeover=true", "server_max_window_bits",
        "server_max_window_bits=16", "client_max_window_bits=7", "client_max_window_bits=16", "client_max_window_bits=015",
        "client_max_window_bits=09", "client_max_window_bits=1", "client_max_window_bits=150", "client_max_window_bits=+9",
        "client_max_window_bits=x", "client_max_window_bits; client_max_window_bits",
        "server_no_context_takeover; server_no_context_takeover", "Server_No_Context_Takeover"}) {
    EXPECT_EQ(answer("permessage-deflate; " + std::string(parameters)), "declined") << parameters;
  }
}

TEST(DeflateOffer, IsTheFirstOfSeveralThatCanBeTaken) {
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=10, permessage-deflate; server_max_window_bits=15, "
                   "permessage-deflate"),
            kAccepted + "; server_max_window_bits=15");
  EXPECT_EQ(answer("x-webkit-deflate-frame, permessage-deflate; unknown, permessage-deflate"), kAccepted);
  EXPECT_EQ(answer("x-webkit-deflate-frame, permessage-bzip2; level=9"), "declined");
  EXPECT_EQ(answer(""), "declined");
}

}  // namespace
}  // namespace atrium::websocket
