// The contract between the page and the server: every event name with its payload.
// Optional fields are those an older or a smaller server may leave out.

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly slug?: string;
}

export interface ChannelInfo {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly description?: string | null;
  readonly type?: "public" | "private" | "direct";
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly role?: string;
}

/** How somebody who is there is shown to others. */
export type ShownStatus = "online" | "away" | "dnd";

/** What one chooses to be; `online` is: as I am. */
export type ChosenStatus = "online" | "dnd" | "invisible";

export interface PresentUser {
  readonly userId: string;
  readonly userName: string;
  readonly status: ShownStatus;
}

export interface WatchedUser {
  readonly userId: string;
  readonly userName?: string;
  readonly status: ShownStatus | "offline";
}

export interface PresenceState {
  readonly workspaceId: string;
  readonly wver: number;
  readonly users: readonly PresentUser[];
}

/** The step from version `from` to `wver`. */
export interface PresenceDiff {
  readonly workspaceId: string;
  readonly from: number;
  readonly wver: number;
  readonly offline: readonly { readonly userId: string }[];
  readonly online: readonly PresentUser[];
  readonly updated: readonly PresentUser[];
}

export interface PresenceCount {
  readonly workspaceId: string;
  readonly online: number;
}

export interface Message {
  readonly messageId: string;
  readonly channelId: string;
  readonly senderId: string;
  readonly senderName: string;
  readonly content: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt?: string;
  readonly isEdited?: boolean;
  /** Position in the channel: strictly increasing, the only order. */
  readonly seq: number;
  /** Version of this one message: grows with each edit. */
  readonly rev?: number;
}

/** How the server says no: the body of failed acknowledgements, of `error` events and of REST problems. */
export interface WireError {
  readonly code?: string;
  readonly message: string;
  readonly detail?: string;
  readonly status?: number;
}

export interface ErrorEvent extends WireError {
  readonly event?: string;
  readonly channelId?: string;
  readonly clientMsgId?: string;
}

export interface NewMessage extends Message {
  /** `seq` of the message before this one in the channel: a reader that holds a smaller one has missed something. */
  readonly prevSeq?: number;
  readonly clientMsgId?: string;
}

export interface EditedMessage {
  readonly messageId: string;
  readonly channelId: string;
  readonly content: string;
  readonly updatedAt: string;
  readonly seq?: number;
  readonly rev?: number;
}

export interface DeletedMessage {
  readonly messageId: string;
  readonly channelId: string;
  readonly seq?: number;
}

export interface ChannelRef {
  readonly channelId: string;
}

export interface ChannelMemberRef extends ChannelRef {
  readonly userId: string;
}

export interface TypingEvent extends ChannelMemberRef {
  readonly userName: string;
}

export interface ServerToClientEvents {
  welcome: (welcome: { id: string; userId: string }) => void;
  "presence:state": (state: PresenceState) => void;
  "presence:diff": (diff: PresenceDiff) => void;
  "presence:count": (count: PresenceCount) => void;
  /** One's own, chosen in any tab. */
  "presence:status": (own: { status: ChosenStatus }) => void;
  error: (error: ErrorEvent) => void;
  "channel:user_joined": (ref: ChannelMemberRef) => void;
  "channel:user_left": (ref: ChannelMemberRef) => void;
  "channel:removed": (removed: ChannelRef & { reason?: string }) => void;
  "message:new": (message: NewMessage) => void;
  "message:edited": (message: EditedMessage) => void;
  "message:deleted": (message: DeletedMessage) => void;
  "channel:typing": (typing: TypingEvent) => void;
  "channel:stop_typing": (typing: ChannelMemberRef) => void;
}

export interface JoinReply extends ChannelRef {
  readonly lastSeq?: number;
  readonly members?: number;
  readonly typing?: readonly { userId: string; userName: string }[];
}

export interface SendReply {
  readonly messageId: string;
  readonly seq: number;
  readonly createdAt: string;
  /** The server had this `clientMsgId` already: nothing was sent twice. */
  readonly duplicate?: boolean;
}

/** What a client may ask, with an acknowledgement. */
export interface Requests {
  "channel:join": { payload: ChannelRef; reply: JoinReply };
  "message:send": { payload: ChannelRef & { content: string; clientMsgId?: string }; reply: SendReply };
  "message:edit": { payload: { messageId: string; content: string }; reply: object };
  "message:delete": { payload: { messageId: string }; reply: object };
  "presence:sync": { payload: { workspaceId: string }; reply: object };
  "presence:subscribe": {
    payload: { workspaceId: string; userIds: readonly string[] };
    reply: { readonly users: readonly WatchedUser[] };
  };
  "presence:status": { payload: { status: ChosenStatus }; reply: { readonly status: ChosenStatus } };
}

/** What a client may say, without an acknowledgement. */
export interface Notifications {
  "channel:leave": ChannelRef;
  "channel:typing": ChannelRef;
  "channel:stop_typing": ChannelRef;
  /** Somebody sits there, even if he says nothing. */
  "presence:active": Record<string, never>;
}

export type Acknowledgement<Reply> = ({ readonly ok: true } & Reply) | { readonly ok: false; readonly error: WireError };

export interface StatsUpdate {
  readonly onlineUsersCount: number;
  readonly timestamp: string | number;
}
