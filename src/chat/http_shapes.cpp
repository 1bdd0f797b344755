#include "chat/http_shapes.h"

#include "base/timestamp.h"

namespace atrium::chat {

shapes::User to_shape(const storage::User& user) { return {.id = user.id.value, .name = user.name, .email = user.email}; }

shapes::Workspace to_shape(const storage::Workspace& workspace) {
  return {.id = workspace.id.value,
          ._id = workspace.id.value,
          .name = workspace.name,
          .slug = workspace.slug,
          .description = workspace.description,
          .logoUrl = workspace.logo_url,
          .createdById = workspace.created_by.value,
          .createdAt = to_iso8601(workspace.created_at)};
}

shapes::Member to_shape(const storage::WorkspaceMember& member) {
  return {.id = member.user.value,
          .userId = member.user.value,
          .name = member.name,
          .role = member.role,
          .joinedAt = to_iso8601(member.joined_at)};
}

shapes::Channel to_shape(const storage::Channel& channel) {
  return {.id = channel.id.value,
          ._id = channel.id.value,
          .workspaceId = channel.workspace.value,
          .name = channel.name,
          .description = channel.description,
          .type = channel.type,
          .createdById = channel.created_by.value,
          .createdAt = to_iso8601(channel.created_at)};
}

shapes::Message to_shape(const storage::Message& message) {
  shapes::Message shape{._id = message.id.value,
                        .id = message.id.value,
                        .messageId = message.id.value,
                        .channelId = message.channel.value,
                        .senderId = message.sender.value,
                        .senderName = message.sender_name,
                        .content = message.content,
                        .mentions = {},
                        .seq = message.seq,
                        .rev = message.rev,
                        .modSeq = message.mod_seq,
                        .isEdited = message.edited,
                        .isDeleted = message.deleted,
                        .createdAt = to_iso8601(message.created_at),
                        .updatedAt = to_iso8601(message.updated_at)};
  for (const auto& user : message.mentions) shape.mentions.push_back(user.value);
  return shape;
}

}  // namespace atrium::chat
