#include "chat/messages/catch_up.h"

#include <algorithm>
#include <iterator>

namespace atrium::chat {

std::vector<std::string> CatchUp::keep_back(const MessageFrame& frame) {
  std::vector<std::string> ids;
  for (auto& [socket, kept] : waiting_) {
    ids.push_back(socket.id);
    if (kept.frames.size() == kKept) {
      for (const MessageFrame& lost : kept.frames) {
        kept.lost.last_seq = std::max(kept.lost.last_seq, lost.seq);
        kept.lost.mod_seq = std::max(kept.lost.mod_seq, lost.mod_seq);
      }
      kept.frames.clear();
    }
    kept.frames.push_back(frame);
  }
  return ids;
}

void CatchUp::end(const SocketRef& socket, Backfill& backfill) {
  auto kept = waiting_.extract(socket);
  if (kept.empty()) return;
  const storage::ChannelCounts lost = kept.mapped().lost;
  if (lost.mod_seq > backfill.now.mod_seq) {
    backfill.frames.clear();
    backfill.told.to = backfill.told.from - 1;
    backfill.told.more = backfill.told.tooOld = true;
    backfill.now.last_seq = std::max(backfill.now.last_seq, lost.last_seq);
    backfill.now.mod_seq = lost.mod_seq;
  }
  std::vector<MessageFrame> fresh;
  std::copy_if(kept.mapped().frames.begin(), kept.mapped().frames.end(), std::back_inserter(fresh),
               [&](const MessageFrame& frame) { return !backfill.covers(frame); });
  backfill.frames.insert(backfill.frames.end(), fresh.begin(), fresh.end());
}

std::vector<MessageFrame> CatchUp::give_up(const SocketRef& socket) {
  auto kept = waiting_.extract(socket);
  return kept.empty() ? std::vector<MessageFrame>() : std::move(kept.mapped().frames);
}

}  // namespace atrium::chat
