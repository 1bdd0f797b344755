#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/records.h"

// How records look to HTTP clients; those of the original application find what they know.

namespace atrium::chat {

namespace shapes {

struct User {
  std::string id;
  std::string name;
  std::string email;
};
BOOST_DESCRIBE_STRUCT(User, (), (id, name, email))

struct Workspace {
  std::string id;
  std::string _id;
  std::string name;
  std::string slug;
  std::string description;
  std::string logoUrl;
  std::string createdById;  ///< the owner; empty: none
  std::string createdAt;
};
BOOST_DESCRIBE_STRUCT(Workspace, (), (id, _id, name, slug, description, logoUrl, createdById, createdAt))

struct Member {
  std::string id;
  std::string userId;
  std::string name;
  storage::Role role;
  std::string joinedAt;
};
BOOST_DESCRIBE_STRUCT(Member, (), (id, userId, name, role, joinedAt))

struct Channel {
  std::string id;
  std::string _id;
  std::string workspaceId;
  std::string name;
  std::string description;
  storage::ChannelType type;
  std::string createdById;
  std::string createdAt;
};
BOOST_DESCRIBE_STRUCT(Channel, (), (id, _id, workspaceId, name, description, type, createdById, createdAt))

struct ChannelWithMembers : Channel {
  std::vector<std::string> memberIds;
};
BOOST_DESCRIBE_STRUCT(ChannelWithMembers, (Channel), (memberIds))

struct Message {
  std::string _id;
  std::string id;
  std::string messageId;
  std::string channelId;
  std::string senderId;
  std::string senderName;
  std::string content;
  std::vector<std::string> mentions;  ///< the ids of the users whom the content names
  std::uint64_t seq;
  std::uint64_t rev;
  std::uint64_t modSeq;
  bool isEdited;
  bool isDeleted;
  std::string createdAt;
  std::string updatedAt;
};
BOOST_DESCRIBE_STRUCT(Message, (),
                      (_id, id, messageId, channelId, senderId, senderName, content, mentions, seq, rev, modSeq, isEdited,
                       isDeleted, createdAt, updatedAt))

}  // namespace shapes

shapes::User to_shape(const storage::User& user);
shapes::Workspace to_shape(const storage::Workspace& workspace);
shapes::Member to_shape(const storage::WorkspaceMember& member);
shapes::Channel to_shape(const storage::Channel& channel);
shapes::Message to_shape(const storage::Message& message);

template <class Record>
auto to_shapes(const std::vector<Record>& records) {
  std::vector<decltype(to_shape(records.front()))> shapes;
  for (const Record& record : records) shapes.push_back(to_shape(record));
  return shapes;
}

}  // namespace atrium::chat
