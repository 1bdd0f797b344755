// What the codecs cost by themselves, with Google Benchmark: `make bench-codecs`. Times are of one thread of this machine; octets
// a second are what the same work moves at most.
#include <benchmark/benchmark.h>

#include <string>

#include "base/utf8.h"
#include "engineio/packet.h"
#include "engineio/payload.h"
#include "engineio/shared_message.h"
#include "socketio/msgpack_packet.h"
#include "socketio/packet_decoder.h"
#include "socketio/packet_writer.h"
#include "websocket/frame.h"
#include "websocket/frame_parser.h"

namespace atrium {
namespace {

using benchmark::State;

void count(State& state, std::size_t octets) { state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(octets)); }

/// About as long as asked for.
std::string sentences(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += "Has anybody seen minute " + std::to_string(i * 7919) + " of last week? ";
  text.resize(size);
  return text;
}

const std::string& typing() {
  static const std::string event = R"(2/chat,["channel:typing",{"channelId":"general"}])";
  return event;
}

std::string message(std::size_t size) {
  return R"(2/chat,17["message:send",{"channelId":"general","content":")" + sentences(size) + R"(","clientMsgId":"c-17"}])";
}

/// What a message to a channel is told as.
socketio::Outgoing told(std::size_t size) {
  return socketio::Outgoing::of("message:new", json::object{{"messageId", "65f0c0ffee65f0c0ffee65f0"},
                                                            {"channelId", "general"},
                                                            {"senderId", "u00017"},
                                                            {"senderName", "Grace Hopper"},
                                                            {"content", sentences(size)},
                                                            {"createdAt", "2026-01-31T08:15:30.123Z"},
                                                            {"seq", 4711},
                                                            {"prevSeq", 4710}});
}

// RFC 6455, section 5.3, as a client must.
std::string masked(std::string_view payload) {
  constexpr char kMask[4] = {'\x37', '\xfa', '\x21', '\x3d'};
  std::string frame = websocket::encode_frame(websocket::Opcode::text, payload);
  const std::size_t head = frame.size() - payload.size();
  frame[1] = static_cast<char>(frame[1] | '\x80');
  for (std::size_t i = 0; i < payload.size(); ++i) frame[head + i] = static_cast<char>(frame[head + i] ^ kMask[i % 4]);
  return frame.insert(head, kMask, sizeof kMask);
}

void utf8_is_valid(State& state) {
  const std::string text = sentences(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(is_valid_utf8(text));
  count(state, text.size());
}
BENCHMARK(utf8_is_valid)->Arg(64)->Arg(4096);

void websocket_read(State& state) {
  const std::string frame = masked(sentences(static_cast<std::size_t>(state.range(0))));
  websocket::FrameParser parser(1 << 20);
  std::string received = frame;
  for (auto _ : state) {
    received = frame;  // it is unmasked where it lies
    parser.feed(received);
    while (const auto said = parser.next()) benchmark::DoNotOptimize(said->payload.data());
  }
  count(state, frame.size());
}
BENCHMARK(websocket_read)->Arg(64)->Arg(4096);

void websocket_write(State& state) {
  const std::string text = sentences(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(websocket::encode_frame(websocket::Opcode::text, text));
  count(state, text.size());
}
BENCHMARK(websocket_write)->Arg(64)->Arg(4096);

void engineio_read_payload(State& state) {
  std::string body = "4" + typing();
  for (int i = 1; i < 10; ++i) body += engineio::kSeparator + ("4" + typing());
  for (auto _ : state) {
    engineio::PayloadReader reader(body);
    while (const auto packet = reader.next()) benchmark::DoNotOptimize(packet->data.data());
  }
  count(state, body.size());
}
BENCHMARK(engineio_read_payload);

void read_json(State& state, const std::string& text) {
  socketio::PacketDecoder decoder;
  for (auto _ : state) benchmark::DoNotOptimize(decoder.feed_text(text));
  count(state, text.size());
}
void json_read_typing(State& state) { read_json(state, typing()); }
BENCHMARK(json_read_typing);
void json_read_message(State& state) { read_json(state, message(static_cast<std::size_t>(state.range(0)))); }
BENCHMARK(json_read_message)->Arg(64)->Arg(4000);

void msgpack_read_message(State& state) {
  const socketio::Packet packet{.nsp = "/chat", .data = told(static_cast<std::size_t>(state.range(0))).array};
  const Bytes octets = socketio::encode_msgpack(packet);
  for (auto _ : state) benchmark::DoNotOptimize(socketio::decode_msgpack(octets.view()));
  count(state, octets.size());
}
BENCHMARK(msgpack_read_message)->Arg(64)->Arg(4000);

/// An event is encoded once, whatever the number of its receivers, who each take the frames that are there.
void tell(State& state, socketio::Parser parser, bool deflated) {
  const auto event = told(512);
  const socketio::PacketWriter writer(parser);
  const websocket::DeflateOptions options{.threshold = 64, .effort = {}};
  std::size_t octets = 0;
  for (auto _ : state) {
    const auto said = writer.encode_event("/chat", std::nullopt, event);
    for (std::int64_t receiver = 0; receiver < state.range(0); ++receiver) {
      const Bytes frames = deflated ? said->deflated_frames(options) : said->websocket_frames();
      octets = frames.size();
      benchmark::DoNotOptimize(frames.view().data());
    }
  }
  state.counters["octets"] = static_cast<double>(octets);
}
void json_tell(State& state) { tell(state, socketio::Parser::json, false); }
void msgpack_tell(State& state) { tell(state, socketio::Parser::msgpack, false); }
void json_tell_deflated(State& state) { tell(state, socketio::Parser::json, true); }
void msgpack_tell_deflated(State& state) { tell(state, socketio::Parser::msgpack, true); }
BENCHMARK(json_tell)->Arg(1)->Arg(1000);
BENCHMARK(msgpack_tell)->Arg(1)->Arg(1000);
BENCHMARK(json_tell_deflated)->Arg(1)->Arg(1000);
BENCHMARK(msgpack_tell_deflated)->Arg(1)->Arg(1000);

}  // namespace
}  // namespace atrium
