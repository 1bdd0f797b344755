// FrameParser where permessage-deflate was agreed on (RFC 7692, section 6).
#include <gmock/gmock.h>

#include "tests/support/client_frame.h"
#include "tests/support/every_cut.h"
#include "tests/support/zlib_stream.h"
#include "websocket/deflate.h"
#include "websocket/frame_parser.h"

namespace atrium::websocket {
namespace {

using namespace std::string_literals;
using test::client_frame;
using test::Fin;
using test::repetitive_text;
using ::testing::ElementsAre;

constexpr std::size_t kMaxPayload = 1000;

/// What a deflating parser gave: "text ...", "error 1002".
class DeflatedRun final {
 public:
  explicit DeflatedRun(std::size_t max_payload = kMaxPayload)
      : parser_(std::make_unique<FrameParser>(max_payload, Coding::deflated)) {}

  void feed(std::span<char> piece) {
    parser_->feed(piece);
    while (const auto message = parser_->next()) {
      const std::string kind = message->opcode == Opcode::text     ? "text "
                               : message->opcode == Opcode::binary ? "binary "
                               : message->opcode == Opcode::ping   ? "ping "
                                                                   : "other ";
      log_.push_back(kind + std::string(message->payload));
    }
    most_buffered_ = std::max(most_buffered_, parser_->buffered());
  }

  std::vector<std::string> outcome() const {
    auto log = log_;
    if (parser_->error()) log.push_back("error " + std::to_string(static_cast<int>(*parser_->error())));
    return log;
  }
  std::size_t most_buffered() const { return most_buffered_; }
  std::size_t buffered() const { return parser_->buffered(); }

 private:
  std::unique_ptr<FrameParser> parser_;
  std::vector<std::string> log_;
  std::size_t most_buffered_ = 0;
};

std::vector<std::string> parse(std::string_view octets) {
  return test::every_cut(octets, [] { return DeflatedRun(); });
}

std::string with_rsv1(std::string frame) {
  frame[0] = static_cast<char>(frame[0] | 0x40);
  return frame;
}

std::string deflated_frame(Opcode opcode, std::string_view message) {
  return with_rsv1(client_frame(opcode, test::ZlibDeflater().message(message)));
}

TEST(DeflatedFrames, AreInflated) {
  EXPECT_THAT(parse(deflated_frame(Opcode::text, "Hello") + deflated_frame(Opcode::binary, "\x00\xff"s) +
                    deflated_frame(Opcode::text, "")),
              ElementsAre("text Hello", "binary \x00\xff"s, "text "));
  const std::string text = repetitive_text(kMaxPayload);
  EXPECT_THAT(parse(deflated_frame(Opcode::text, text)), ElementsAre("text " + text));
}

TEST(DeflatedFrames, StandBetweenPlainOnes) {
  EXPECT_THAT(
      parse(client_frame(Opcode::text, "one") + deflated_frame(Opcode::text, "two") + client_frame(Opcode::text, "three")),
      ElementsAre("text one", "text two", "text three"));
}

TEST(DeflatedFrames, MayBeFragmentsOfAMessage) {
  const std::string text = repetitive_text(600);
  const std::string payload = test::ZlibDeflater().message(text);
  EXPECT_THAT(parse(with_rsv1(client_frame(Opcode::text, payload.substr(0, 10), Fin::more)) + client_frame(Opcode::ping, "p") +
                    client_frame(Opcode::continuation, "", Fin::more) + client_frame(Opcode::continuation, payload.substr(10)) +
                    client_frame(Opcode::text, "a", Fin::more) + client_frame(Opcode::continuation, "b") +
                    client_frame(Opcode::text, "plain")),
              ElementsAre("ping p", "text " + text, "text ab", "text plain"));
}

TEST(DeflatedFrames, HaveTheirBitOnTheFirstFrameOfAMessageOnly) {
  const std::string begun = with_rsv1(client_frame(Opcode::text, "\xf2", Fin::more));
  EXPECT_THAT(parse(begun + with_rsv1(client_frame(Opcode::continuation, "\x48"))), ElementsAre("error 1002"));
  EXPECT_THAT(parse(client_frame(Opcode::text, "a", Fin::more) + with_rsv1(client_frame(Opcode::continuation, "b"))),
              ElementsAre("error 1002"));
  for (const Opcode opcode : {Opcode::ping, Opcode::pong, Opcode::close}) {
    EXPECT_THAT(parse(with_rsv1(client_frame(opcode, ""))), ElementsAre("error 1002"));
  }
  for (const int other_bit : {0x20, 0x10}) {
    std::string frame = deflated_frame(Opcode::text, "Hello");
    frame[0] = static_cast<char>(frame[0] | other_bit);
    EXPECT_THAT(parse(frame), ElementsAre("error 1002"));
  }
}

TEST(DeflatedFrames, AreRefusedWhereNothingWasAgreedOn) {
  FrameParser parser(kMaxPayload);
  std::string frame = deflated_frame(Opcode::text, "Hello");
  parser.feed(frame);
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_EQ(parser.error(), CloseCode::protocol_error);
}

TEST(DeflatedFrames, AreRefusedWhenTheyCannotBeInflated) {
  EXPECT_THAT(parse(with_rsv1(client_frame(Opcode::binary, "\xff\xff\xff"))), ElementsAre("error 1007"));
  EXPECT_THAT(parse(with_rsv1(client_frame(Opcode::text, "\xf2\x48"))), ElementsAre("error 1007")) << "cut off";
  EXPECT_THAT(parse(deflated_frame(Opcode::text, "\xce\xba\xff")), ElementsAre("error 1007")) << "no UTF-8 inside";
}

TEST(DeflatedFrames, AreBoundedByWhatComesOutOfThem) {
  EXPECT_THAT(parse(deflated_frame(Opcode::binary, std::string(kMaxPayload, 'x'))),
              ElementsAre("binary " + std::string(kMaxPayload, 'x')));
  EXPECT_THAT(parse(deflated_frame(Opcode::binary, std::string(kMaxPayload + 1, 'x'))), ElementsAre("error 1009"));
  const std::string noise = test::noise(kMaxPayload);
  ASSERT_GT(deflate_message(noise, {}).size(), kMaxPayload);
  EXPECT_THAT(parse(deflated_frame(Opcode::binary, noise)), ElementsAre("binary " + noise)) << "longer on the way than itself";
  EXPECT_THAT(parse(with_rsv1(client_frame(Opcode::binary, std::string(kMaxPayload * 5 / 4, 'x')).substr(0, 8))),
              ElementsAre("error 1009"));
  const auto fragment = client_frame(Opcode::binary, std::string(kMaxPayload, 'x'), Fin::more);
  EXPECT_THAT(parse(with_rsv1(fragment) + client_frame(Opcode::continuation, std::string(kMaxPayload / 4, 'x'))),
              ElementsAre("error 1009"));
}

TEST(DeflatedFrames, AreHeldCompressedAndGivenBack) {
  DeflatedRun run(1'000'000);
  const std::string bomb = test::ZlibDeflater().message(std::string(20'000'000, '\0'));
  const auto half = bomb.size() / 2;
  test::feed_piece(run, with_rsv1(client_frame(Opcode::binary, bomb.substr(0, half), Fin::more)));
  EXPECT_EQ(run.buffered(), half);
  test::feed_piece(run, client_frame(Opcode::continuation, bomb.substr(half)));
  EXPECT_THAT(run.outcome(), ElementsAre("error 1009"));
  EXPECT_EQ(run.buffered(), 0u);

  DeflatedRun other(1'000'000);
  test::feed_piece(other, deflated_frame(Opcode::text, repetitive_text(900'000)));
  EXPECT_THAT(other.outcome(), ElementsAre("text " + repetitive_text(900'000)));
  EXPECT_EQ(other.most_buffered(), 0u) << "after the message was read";
}

}  // namespace
}  // namespace atrium::websocket
