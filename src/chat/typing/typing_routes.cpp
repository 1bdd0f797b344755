#include "chat/typing/typing_routes.h"

#include "net/hop.h"

namespace atrium::chat {

Task<web::Ok<events::TypingState>> TypingRoutes::typing(const storage::Channel& channel) {
  events::TypingState answer{.channelId = channel.id.value, .users = {}, .more = 0};
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(channels_.home_of(channel.id));
  if (ChannelRoom* room = channels_.find_room(channel.id)) {
    const TypingState state = room->typing().state();
    for (const Typist& typist : state.named) answer.users.push_back({typist.user.value, typist.name});
    answer.more = state.more;
  }
  co_await net::hop_to(origin);
  co_return web::ok(std::move(answer));
}

}  // namespace atrium::chat
