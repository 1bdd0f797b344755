#include "chat/typing/typing_routes.h"

namespace atrium::chat {

Task<web::Ok<events::TypingState>> TypingRoutes::typing(const storage::Channel& channel) {
  events::TypingState answer{.channelId = channel.id.value, .users = {}, .more = 0};
  const TypingState state = co_await channels_.typing_in(channel.id);
  for (const Typist& typist : state.named) answer.users.push_back({typist.user.value, typist.name});
  answer.more = state.more;
  co_return web::ok(std::move(answer));
}

}  // namespace atrium::chat
