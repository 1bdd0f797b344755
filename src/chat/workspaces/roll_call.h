#pragma once

#include "chat/accounts/accounts.h"
#include "chat/workspaces/live_members.h"

namespace atrium::chat {

/// Looks once more at everybody who is here, whether he may still be here, and where he is: another node may have put him out
/// and have told nobody, because the Redis was away. On the first shard.
class RollCall final {
 public:
  RollCall(const Stage& stage, const Accounts& accounts, const LiveMembers& members, storage::Database& database,
           Viewers& viewers);

 private:
  struct Guest {
    SocketRef socket;
    std::shared_ptr<const Identity> who;
    std::vector<storage::ChannelId> joined;
  };

  void begin();
  Task<void> call();
  Task<std::vector<Guest>> guests() const;
  /// Until the database answers.
  template <class Look>
  Task<void> persist(Look look) const;
  Task<void> look_at(const Guest& guest) const;
  Task<void> look_at(const Viewers::Reader& reader) const;
  /// What has come to be known of the user's places is carried out here.
  Task<void> correct(const Guest& guest, const Accounts::Returning& now) const;

  const Stage& stage_;
  const Accounts& accounts_;
  const LiveMembers& members_;
  storage::Database& database_;
  Viewers& viewers_;
  bool calling_ = false;
  bool again_ = false;
};

}  // namespace atrium::chat
