#include "chat/messages/messages.h"

#include "base/timestamp.h"
#include "base/utf8.h"
#include "chat/messages/mentions.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::MessageId;
using storage::UserId;

namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// What is stored of `content`, or what is wrong with it.
Outcome<std::string> check_content(const std::string& content) {
  const std::string_view trimmed = trim(content);
  if (trimmed.empty()) return failures::invalid("content", "must not be empty");
  if (utf8_length(trimmed) > Messages::kMaxLength) return failures::invalid("content", "must have at most 4000 characters");
  return std::string(trimmed);
}

/// The request as it is to be stored, without mentions; or what is wrong with it.
Outcome<storage::NewMessage> check(const events::SendRequest& request, const UserId& sender, const std::string& name) {
  auto content = check_content(request.content);
  if (!content) return content.error();
  const auto& id = request.clientMsgId;
  if (id && (id->empty() || id->size() > Messages::kMaxClientId)) {
    return failures::invalid("clientMsgId", "must have 1 to 128 characters");
  }
  return storage::NewMessage{.channel = ChannelId(request.channelId),
                             .sender = sender,
                             .sender_name = name,
                             .content = std::move(*content),
                             .client_msg_id = id.value_or("")};
}

/// As long as it lives, a message of `sender` is on its way: whoever ends connections waits for its answer. On the sender's
/// shard.
class OnItsWay final {
 public:
  explicit OnItsWay(socketio::Socket& sender) : sender_(sender.shared_from_this()) { ++visitor_of(*sender_).storing; }
  ~OnItsWay() { --visitor_of(*sender_).storing; }
  OnItsWay(const OnItsWay&) = delete;
  OnItsWay& operator=(const OnItsWay&) = delete;

 private:
  const std::shared_ptr<socketio::Socket> sender_;
};

}  // namespace

Messages::Messages(const Stage& stage, Channels& channels, const Membership& membership, storage::Database& database,
                   Limiter& limiter)
    : stage_(stage),
      channels_(channels),
      membership_(membership),
      database_(database),
      limiter_(limiter),
      announcer_(stage, channels, database) {}

Task<void> Messages::send(Reply reply, events::SendRequest request) {
  Visitor& visitor = visitor_of(reply.socket());
  const auto who = visitor.identity;
  auto message = check(request, who->user, who->name);
  if (!message) {
    reply.fail(message.error());
    co_return;
  }
  const OnItsWay arriving(reply.socket());
  // Whoever is in has been checked, and is put out when that changes.
  if (!visitor.joined.contains(message->channel)) {
    const auto allowed = co_await membership_.channel(message->channel, who->user);
    if (!allowed) {
      reply.fail(allowed.error());
      co_return;
    }
  }
  message->mentions = co_await mentioned(message->channel, message->content);
  const bool crowded = visitor.storing > kMaxStoring;
  ++visitor.storing;
  auto stored = store(std::move(reply), who, std::move(*message));
  if (crowded) {
    co_await stored;
  } else {
    spawn(std::move(stored));
  }
}

Task<void> Messages::store(Reply reply, std::shared_ptr<const Identity> who, storage::NewMessage message) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(channels_.home_of(message.channel));
  const auto appended = co_await append(std::move(message), std::move(who), &reply);
  if (!appended) reply.fail(appended.error());
  co_await net::hop_to(origin);
  --visitor_of(reply.socket()).storing;
}

Task<Outcome<storage::Appended>> Messages::post(storage::User user, events::SendRequest request) {
  auto who = std::make_shared<Identity>();
  who->user = user.id;
  who->name = shown_name(stage_.config, user);
  auto message = check(request, who->user, who->name);
  if (!message) co_return message.error();
  message->mentions = co_await mentioned(message->channel, message->content);
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(channels_.home_of(message->channel));
  auto appended = co_await append(std::move(*message), std::move(who), nullptr);
  co_await net::hop_to(origin);
  co_return appended;
}

Task<Outcome<storage::Appended>> Messages::append(storage::NewMessage message, std::shared_ptr<const Identity> who,
                                                  const Reply* asker) {
  if (const auto wait = limiter_.hold_back(message.channel, who->user)) co_return failures::rate_limited(*wait);
  const SocketRef from = asker ? ref_of(asker->socket()) : SocketRef{};
  const Channels::Sending sending(channels_, message.channel, std::move(who), from);
  // The stores answer in the order of commits, which is that of `seq`: so are the channel's broadcasts.
  auto appended = co_await database_.messages().append(std::move(message));
  if (!appended) co_return to_failure(appended.error());
  if (asker) {
    const storage::Message& stored = appended->message;
    asker->ok(events::Sent{.messageId = stored.id.value,
                           .seq = stored.seq,
                           .modSeq = stored.mod_seq,
                           .createdAt = to_iso8601(stored.created_at),
                           .duplicate = appended->duplicate});
  }
  announce(*appended, from);
  co_return std::move(*appended);
}

void Messages::announce(const storage::Appended& appended, const SocketRef& from) {
  if (!appended.duplicate) {
    announcer_.tell(appended.message, MessageFrame::Kind::created, from.id);
    ++stage_.counters.messages;
  } else if (!from.id.empty()) {
    // Everybody has it already, except perhaps the one who asks again.
    const MessageFrame frame = appended.message.deleted ? frame_of_deletion(appended.message) : frame_of_new(appended.message);
    stage_.directory.tell(from, [frame](socketio::Socket& sender) { sender.send(*frame.event, {.episode = frame.episode}); });
  }
}

Task<std::vector<UserId>> Messages::mentioned(ChannelId channel, std::string content) const {
  const Mentions mentions(content);
  auto names = mentions.names();
  if (names.empty()) co_return std::vector<UserId>();
  const auto called = co_await database_.channels().readers_called(std::move(channel), std::move(names));
  co_return mentions.among(called);
}

Task<Outcome<storage::Message>> Messages::find_for(UserId user, MessageId id) const {
  auto found = co_await database_.messages().find(std::move(id));
  if (!found) co_return failures::message_not_found();
  const auto allowed = co_await membership_.channel(found->channel, std::move(user));
  if (!allowed) co_return allowed.error().status == 404 ? failures::message_not_found() : allowed.error();
  co_return std::move(*found);
}

Task<Outcome<storage::Message>> Messages::find(UserId reader, MessageId id) const {
  auto found = co_await find_for(std::move(reader), std::move(id));
  if (found && found->deleted) co_return failures::message_not_found();
  co_return std::move(found);
}

Task<Outcome<storage::Message>> Messages::edit(UserId editor, events::EditRequest request, std::string from) {
  auto checked = check_content(request.content);
  if (!checked) co_return checked.error();
  const auto found = co_await find_for(editor, MessageId(request.messageId));
  if (!found) co_return found.error();
  storage::ContentChange change{.id = found->id, .author = editor, .content = std::move(*checked), .if_rev = request.ifRev};
  change.mentions = co_await mentioned(found->channel, change.content);
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(channels_.home_of(found->channel));
  const auto edited = co_await database_.messages().edit(std::move(change));
  if (edited && edited->changed) {
    announcer_.tell(edited->message, MessageFrame::Kind::edited, from);
  }
  co_await net::hop_to(origin);
  if (!edited) co_return to_failure(edited.error());
  co_return edited->message;
}

Task<Outcome<storage::Message>> Messages::remove(UserId remover, MessageId id, std::string from) {
  const auto found = co_await find_for(remover, id);
  if (!found) co_return found.error();
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(channels_.home_of(found->channel));
  const auto removed = co_await database_.messages().remove(id, remover);
  if (removed && removed->changed) {
    announcer_.tell(removed->message, MessageFrame::Kind::deleted, from);
  }
  co_await net::hop_to(origin);
  if (!removed) co_return to_failure(removed.error());
  co_return removed->message;
}

}  // namespace atrium::chat
