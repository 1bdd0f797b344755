#include "websocket/frame_parser.h"

#include <gmock/gmock.h>

#include <vector>

#include "tests/support/client_frame.h"
#include "tests/support/every_cut.h"

namespace atrium::websocket {
namespace {

using namespace std::string_literals;
using test::client_frame;
using test::Fin;
using ::testing::ElementsAre;

constexpr std::size_t kMaxPayload = 1000;

/// What a parser gave: "text Hello", "close", and at last "error 1002".
class FrameRun final {
 public:
  explicit FrameRun(std::size_t max_payload = kMaxPayload) : parser_(std::make_unique<FrameParser>(max_payload)) {}

  void feed(std::span<char> piece) {
    parser_->feed(piece);
    while (const auto message = parser_->next()) log_.push_back(name(message->opcode) + " " + std::string(message->payload));
    EXPECT_EQ(parser_->next(), std::nullopt);
  }

  std::vector<std::string> outcome() const {
    auto log = log_;
    if (parser_->error()) log.push_back("error " + std::to_string(static_cast<int>(*parser_->error())));
    EXPECT_EQ(parser_->error().has_value(), !parser_->error_text().empty());
    return log;
  }

 private:
  static std::string name(Opcode opcode) {
    switch (opcode) {
      case Opcode::text:
        return "text";
      case Opcode::binary:
        return "binary";
      case Opcode::close:
        return "close";
      case Opcode::ping:
        return "ping";
      case Opcode::pong:
        return "pong";
      case Opcode::continuation:
        break;
    }
    return "?";
  }

  std::unique_ptr<FrameParser> parser_;
  std::vector<std::string> log_;
};

std::vector<std::string> parse(std::string_view octets) {
  return test::every_cut(octets, [] { return FrameRun(); });
}

// RFC 6455, section 5.7.
TEST(FrameParser, ReadsTheExamplesOfTheRfc) {
  EXPECT_THAT(parse("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), ElementsAre("text Hello"));
  EXPECT_THAT(parse("\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), ElementsAre("pong Hello"));
  EXPECT_THAT(parse(client_frame(Opcode::text, "Hel", Fin::more) + client_frame(Opcode::continuation, "lo")),
              ElementsAre("text Hello"));
}

TEST(FrameParser, ReadsFramesOneAfterAnother) {
  EXPECT_THAT(parse(client_frame(Opcode::text, "one") + client_frame(Opcode::binary, "\x00\xff"s) +
                    client_frame(Opcode::ping, "") + client_frame(Opcode::text, "")),
              ElementsAre("text one", "binary \x00\xff"s, "ping ", "text "));
}

TEST(FrameParser, ReadsEveryFormOfTheLength) {
  for (const std::size_t size : {0, 1, 7, 8, 9, 125, 126, 127, 300}) {
    const std::string payload(size, 'x');
    EXPECT_THAT(parse(client_frame(Opcode::binary, payload)), ElementsAre("binary " + payload)) << size;
  }
  const std::string long_payload(70'000, 'x');
  std::string frame = client_frame(Opcode::binary, long_payload);
  FrameRun run(long_payload.size());
  run.feed(frame);
  EXPECT_THAT(run.outcome(), ElementsAre("binary " + long_payload));
}

TEST(FrameParser, PutsFragmentsTogetherAroundControlFrames) {
  EXPECT_THAT(parse(client_frame(Opcode::text, "a", Fin::more) + client_frame(Opcode::ping, "p") +
                    client_frame(Opcode::continuation, "", Fin::more) + client_frame(Opcode::pong, "q") +
                    client_frame(Opcode::continuation, "b") + client_frame(Opcode::text, "next")),
              ElementsAre("ping p", "pong q", "text ab", "text next"));
}

TEST(FrameParser, TakesACharacterCutBetweenFragments) {
  EXPECT_THAT(parse(client_frame(Opcode::text, "\xe2\x82", Fin::more) + client_frame(Opcode::continuation, "\xac")),
              ElementsAre("text \xe2\x82\xac"));
}

TEST(FrameParser, ReadsACloseAndNothingAfterIt) {
  EXPECT_THAT(parse(client_frame(Opcode::close, "") + client_frame(Opcode::text, "late")), ElementsAre("close "));
  EXPECT_THAT(parse(client_frame(Opcode::close, "\x03\xe9gone") + "\xff\xff"), ElementsAre("close \x03\xe9gone"));
}

TEST(FrameParser, ReadsACloseInsideOfAMessage) {
  EXPECT_THAT(parse(client_frame(Opcode::text, "begun", Fin::more) + client_frame(Opcode::close, "\x03\xe8")),
              ElementsAre("close \x03\xe8"));
}

TEST(FrameParser, RefusesWhatBreaksTheFrameFormat) {
  const std::string good = client_frame(Opcode::text, "good");
  const std::string mask = "mask";
  const std::vector<std::string> broken = {
      encode_frame(Opcode::text, "unmasked"),
      encode_frame(Opcode::close, ""),
      "\xc1\x81" + mask + "x",  // RSV1
      "\xa1\x81" + mask + "x",  // RSV2
      "\x91\x81" + mask + "x",  // RSV3
      "\x83\x81" + mask + "x",  // opcodes that no one has defined
      "\x87\x81" + mask + "x",
      "\x8b\x81" + mask + "x",
      "\x8f\x81" + mask + "x",
      "\x09\x81" + mask + "x",     // a ping in fragments
      "\x08\x80" + mask,           // a close in fragments
      "\x89\xfe\x00\x7e"s + mask,  // a ping of 126 octets
      "\x80\x81" + mask + "x",     // a continuation of nothing
      "\x00\x81"s + mask + "x",
      "\x81\xfe\x00\x7d"s + mask,                          // 125 in 16 bits
      "\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff"s + mask,  // 65535 in 64 bits
      "\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00"s + mask,  // the highest bit of 64
      client_frame(Opcode::text, "a", Fin::more) + client_frame(Opcode::text, "b"),
      client_frame(Opcode::text, "a", Fin::more) + client_frame(Opcode::binary, "b", Fin::more),
  };
  for (const std::string& octets : broken) {
    EXPECT_THAT(parse(good + octets + good), ElementsAre("text good", "error 1002")) << testing::PrintToString(octets);
  }
}

TEST(FrameParser, RefusesACloseWithoutAValidCode) {
  const auto close = [](int code, std::string_view reason) {
    const std::string octets{static_cast<char>(code >> 8), static_cast<char>(code)};
    return client_frame(Opcode::close, octets + std::string(reason));
  };
  EXPECT_THAT(parse(client_frame(Opcode::close, "\x03")), ElementsAre("error 1002"));
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    EXPECT_THAT(parse(close(code, "")), ElementsAre("error 1002")) << code;
  }
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999}) {
    EXPECT_THAT(parse(close(code, "why")), ElementsAre(testing::EndsWith("why"))) << code;
  }
  EXPECT_THAT(parse(close(1000, "\xff")), ElementsAre("error 1007"));
  EXPECT_THAT(parse(close(1000, "\xe2\x82")), ElementsAre("error 1007"));
}

TEST(FrameParser, RefusesTextThatIsNotUtf8) {
  EXPECT_THAT(parse(client_frame(Opcode::text, "\xce\xba\xff")), ElementsAre("error 1007"));
  EXPECT_THAT(parse(client_frame(Opcode::text, "\xe2\x82", Fin::more) + client_frame(Opcode::continuation, "x")),
              ElementsAre("error 1007"));
  EXPECT_THAT(parse(client_frame(Opcode::binary, "\xff")), ElementsAre("binary \xff"));
}

TEST(FrameParser, TakesAMessageAsLongAsAllowed) {
  const std::string payload(kMaxPayload, 'x');
  EXPECT_THAT(parse(client_frame(Opcode::text, payload)), ElementsAre("text " + payload));
  EXPECT_THAT(parse(client_frame(Opcode::text, payload.substr(1), Fin::more) + client_frame(Opcode::ping, "still") +
                    client_frame(Opcode::continuation, "x")),
              ElementsAre("ping still", "text " + payload));
}

TEST(FrameParser, RefusesATooLongMessageByItsHeader) {
  const auto header_of = [](Opcode opcode, std::size_t size) {
    const std::string frame = client_frame(opcode, std::string(size, 'x'));
    return frame.substr(0, frame.size() - size);
  };
  EXPECT_THAT(parse(header_of(Opcode::text, kMaxPayload + 1)), ElementsAre("error 1009"));
  EXPECT_THAT(parse("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask"), ElementsAre("error 1009"));
  EXPECT_THAT(parse(client_frame(Opcode::text, "ab", Fin::more) + header_of(Opcode::continuation, kMaxPayload - 1)),
              ElementsAre("error 1009"));
}

TEST(FrameParser, SaysNothingMoreAfterAnError) {
  FrameParser parser(kMaxPayload);
  std::string bad = "\xff\xff";
  std::string good = client_frame(Opcode::text, "good");
  parser.feed(bad);
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_EQ(parser.error(), CloseCode::protocol_error);
  parser.feed(good);
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_EQ(parser.error(), CloseCode::protocol_error);
  EXPECT_EQ(parser.buffered(), 0u);
}

TEST(FrameParser, HandsOutAWholeFrameWhereItLies) {
  FrameParser parser(kMaxPayload);
  std::string octets = client_frame(Opcode::text, "one") + client_frame(Opcode::binary, "two");
  parser.feed(octets);
  const auto first = parser.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->payload.data(), octets.data() + 6);
  const auto second = parser.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->payload.data(), octets.data() + 9 + 6);
  EXPECT_EQ(first->payload, "one");  // in place: still there while the octets are
}

TEST(FrameParser, HoldsOnlyWhatIsUnfinished) {
  FrameParser parser(100'000);
  EXPECT_EQ(parser.buffered(), 0u);
  std::string fragment = client_frame(Opcode::binary, std::string(50'000, 'x'), Fin::more);
  std::string rest = client_frame(Opcode::continuation, std::string(50'000, 'y'));
  std::string start = rest.substr(0, 20'000);
  std::string end = rest.substr(20'000);

  parser.feed(fragment);
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_EQ(parser.buffered(), 50'000u);
  parser.feed(start);
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_EQ(parser.buffered(), 70'000u);
  parser.feed(end);
  const auto message = parser.next();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->payload, std::string(50'000, 'x') + std::string(50'000, 'y'));
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_EQ(parser.buffered(), 0u);
}

TEST(FrameParser, IsSmall) { EXPECT_LE(sizeof(FrameParser), 128u); }

TEST(FrameParser, UnmasksWithEveryMaskAndAlignment) {
  const std::string payload = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (std::size_t size = 0; size <= payload.size(); ++size) {
    for (std::size_t shift = 0; shift < 8; ++shift) {
      std::string octets = std::string(shift, ' ') +
                           client_frame(Opcode::text, payload.substr(0, size), Fin::last, {'\x80', '\x01', '\xff', '\x00'});
      FrameRun run;
      run.feed(std::span(octets).subspan(shift));
      EXPECT_THAT(run.outcome(), ElementsAre("text " + payload.substr(0, size)));
    }
  }
}

}  // namespace
}  // namespace atrium::websocket
