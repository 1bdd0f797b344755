#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "chat/identity.h"
#include "chat/nodes/node_id.h"
#include "chat/presence/status.h"
#include "chat/socket_ref.h"

namespace atrium::chat {

/// How every user is, once over all his devices: what he has chosen (dnd, invisible), else online while one of them shows signs
/// of life, away while none does, offline when the last is gone and its time of grace is over. A pure value; time is an
/// argument, and never goes back.
class PresenceTracker final {
 public:
  using WhoIs = std::shared_ptr<const Identity>;

  struct Device {
    SocketRef socket;
    bool v2 = false;     ///< its client has "presence.v2"
    TimePoint active{};  ///< the last sign of life
  };
  struct Choice {
    Status status = Status::dnd;                        ///< or invisible
    std::optional<TimePoint> until;                     ///< none: until he chooses anew
    std::optional<WallTime> until_wall = std::nullopt;  ///< the same, as he has asked for it
  };
  /// As he may be shown. Not offline.
  struct Shown {
    WhoIs who;
    Status status = Status::online;
    TimePoint active{};
  };
  enum class Arrival { first, back_in_time, one_more, known };

  /// `away`: how long without a sign of life.
  explicit PresenceTracker(Duration away) : away_(away) {}

  /// The newest identity counts for all devices of the user. `known`: that device is here already.
  Arrival arrive(const WhoIs& who, Device device);
  /// With the last device the user stays until `until`, for he may have another by then. False: there is no such device.
  bool lose(const storage::UserId& user, const SocketRef& socket, TimePoint now, TimePoint until);
  /// The grace of `user`, if he has one, lasts no longer than until `until`.
  void shorten(const storage::UserId& user, TimePoint until, TimePoint now);
  void active(const storage::UserId& user, const SocketRef& socket, TimePoint now);
  /// What another node says of its devices.
  struct Elsewhere {
    NodeId node;
    std::size_t devices = 0;
    bool awake = false;  ///< one of them shows signs of life, until the node says otherwise
    TimePoint active{};  ///< the last sign
  };
  void arrive_elsewhere(const WhoIs& who, Elsewhere elsewhere, TimePoint now);
  /// The node has none any more. Who has none anywhere is overdue at once: his time of grace is over, or his node is no more.
  void lose_elsewhere(const storage::UserId& user, const NodeId& node, TimePoint now);
  /// Those of whom the node says something.
  std::vector<storage::UserId> users_of(const NodeId& node) const;
  /// What this node says to others: nothing, unless he has a device here, or may have one again in time.
  std::optional<Elsewhere> own(const storage::UserId& user, TimePoint now) const;
  /// None: shown as he is. Also of users who are not here.
  void choose(const storage::UserId& user, std::optional<Choice> choice, TimePoint now);
  /// He is somebody else from now on: another name, other workspaces. Only of users who are here.
  void rename(const WhoIs& who) { persons_.at(who->user).who = who; }

  struct Due {
    std::vector<storage::UserId> changed;  ///< whose status may be another now
    std::vector<storage::UserId> gone;     ///< whose grace is over, each once; he is here until give_up()
  };
  Due advance(TimePoint now);
  /// When advance() has something to do.
  std::optional<TimePoint> next() const;

  struct Gone {
    WhoIs who;
    TimePoint closed{};   ///< when the last device went
    bool hidden = false;  ///< nobody was to know that he was here
    bool ours = false;    ///< the last device was one of this node
  };
  /// Ends the grace of the user when it is over. None: he has come back, is elsewhere, or was not here.
  std::optional<Gone> give_up(const storage::UserId& user, TimePoint now);

  Status status(const storage::UserId& user, TimePoint now) const;
  /// What others are shown; none when that is offline.
  std::optional<Shown> shown(const storage::UserId& user, TimePoint now) const;
  std::optional<Choice> choice(const storage::UserId& user, TimePoint now) const;
  /// Those who have chosen something.
  std::vector<storage::UserId> choosers() const;
  /// Null when he is not here.
  WhoIs find(const storage::UserId& user) const;
  bool has(const storage::UserId& user, const SocketRef& socket) const;
  const std::vector<Device>& devices_of(const storage::UserId& user) const;
  /// On all nodes.
  std::size_t device_count(const storage::UserId& user) const;
  /// Those who are here.
  std::vector<storage::UserId> users() const;

 private:
  struct Person {
    WhoIs who;
    std::vector<Device> devices;
    std::vector<Elsewhere> elsewhere;
    std::optional<TimePoint> grace;  ///< only when there are no devices
    bool was_ours = false;           ///< the grace is for a device of this node
    bool overdue = false;            ///< advance() has said so
    TimePoint active{};              ///< of the device that went last
    TimePoint closed{};
    std::optional<Choice> choice;
    std::optional<TimePoint> wake;  ///< his place in wakes_

    bool here() const { return !devices.empty() || grace || !elsewhere.empty(); }
  };

  const Person* here(const storage::UserId& user) const;
  Device* device(const storage::UserId& user, const SocketRef& socket);
  void schedule(const storage::UserId& user, Person& person, TimePoint now);
  void unschedule(const storage::UserId& user, Person& person);

  const Duration away_;
  std::unordered_map<storage::UserId, Person> persons_;  ///< those who are here, and those who have chosen
  std::set<std::pair<TimePoint, storage::UserId>> wakes_;
};

}  // namespace atrium::chat
