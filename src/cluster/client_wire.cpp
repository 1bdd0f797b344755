#include "cluster/client_wire.h"

#include <charconv>

#include "base/base64.h"

namespace atrium::cluster {

using socketio::Episode;
using socketio::HandedOver;

namespace {

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::vector<ClientSaid> to_wire(std::vector<HandedOver::Said> missed) {
  std::vector<ClientSaid> wire;
  wire.reserve(missed.size());
  for (auto& said : missed) {
    ClientSaid told{.event = std::move(said.event.array),
                    .octets = {},
                    .rooms = std::move(said.audience.rooms),
                    .except = std::move(said.audience.except),
                    .episode = {}};
    for (const Bytes& octets : said.event.attachments) told.octets.push_back(base64_encode(octets.view()));
    if (said.episode) {
      told.episode = std::to_string(said.episode->id);
      told.part = static_cast<std::uint64_t>(said.episode->part);
      told.spares = said.episode->spares;
    }
    wire.push_back(std::move(told));
  }
  return wire;
}

std::vector<HandedOver::Said> from_wire(std::vector<ClientSaid> missed) {
  std::vector<HandedOver::Said> all;
  all.reserve(missed.size());
  for (auto& told : missed) {
    if (!told.event.is_array()) continue;
    HandedOver::Said said{.event = {.array = std::move(told.event.get_array()), .attachments = {}},
                          .audience = {.rooms = std::move(told.rooms), .except = std::move(told.except)}};
    for (const auto& octets : told.octets) said.event.attachments.emplace_back(base64_decode(octets).value_or(""));
    const auto id = told.episode ? number_in(*told.episode) : std::nullopt;
    if (id) said.episode = Episode{.id = *id, .part = static_cast<Episode::Part>(told.part), .spares = told.spares};
    all.push_back(std::move(said));
  }
  return all;
}

std::vector<std::string> to_wire(const std::set<std::uint64_t>& episodes) {
  std::vector<std::string> wire;
  for (const std::uint64_t id : episodes) wire.push_back(std::to_string(id));
  return wire;
}

std::set<std::uint64_t> from_wire(const std::vector<std::string>& episodes) {
  std::set<std::uint64_t> all;
  for (const auto& text : episodes) {
    if (const auto id = number_in(text)) all.insert(*id);
  }
  return all;
}

}  // namespace atrium::cluster
