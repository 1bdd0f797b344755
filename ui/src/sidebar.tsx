import type { ChannelInfo, ChannelView, ChatState, ChosenStatus, User } from "@atrium/client";
import { Avatar } from "./avatar";
import { Brand } from "./brand";
import { CloseIcon, HashIcon, LockIcon, PersonIcon, SignOutIcon } from "./icons";
import type { Directory } from "./use-directory";

const kStatusNames: Record<ChosenStatus, string> = { online: "Online", dnd: "Do not disturb", invisible: "Invisible" };
/** Invisible is what the others see. */
const kMarks = { online: "online", dnd: "dnd", invisible: "offline" } as const;

export function Sidebar(props: {
  directory: Directory | undefined;
  channels: ReadonlyMap<string, ChannelView>;
  currentId: string | undefined;
  me: User;
  status: ChatState["status"];
  own: ChosenStatus;
  hidden: boolean;
  onClose: (() => void) | undefined;
  onChannel: (channelId: string) => void;
  onWorkspace: (workspaceId: string) => void;
  onChoose: (status: ChosenStatus) => void;
  onSignOut: () => void;
}) {
  const { directory, channels, currentId, me, status, onClose } = props;
  return (
    <aside className="sidebar" id="channels" inert={props.hidden} aria-label="Workspace">
      <header className="sidebar-head">
        <Brand />
        {onClose && (
          <button type="button" className="icon-button" aria-label="Close the channel list" onClick={onClose}>
            <CloseIcon />
          </button>
        )}
      </header>
      {directory && <WorkspaceChoice directory={directory} onWorkspace={props.onWorkspace} />}
      <nav className="channels" aria-labelledby="channels-title">
        <h2 className="panel-title" id="channels-title">
          Channels
        </h2>
        <ul>
          {directory?.channels.map((channel) => (
            <li key={channel.id}>
              <ChannelButton
                channel={channel} unread={channels.get(channel.id)?.unread ?? 0} current={channel.id === currentId}
                onPick={props.onChannel}
              />
            </li>
          ))}
        </ul>
      </nav>
      <footer className="me">
        <Avatar id={me.id} name={me.name} status={status === "live" ? kMarks[props.own] : "offline"} />
        <span className="me-name">
          <strong title={me.email}>{me.name}</strong>
          {status === "live" ? <OwnStatus own={props.own} onChoose={props.onChoose} /> : <span>Not connected</span>}
        </span>
        <button
          type="button" className="icon-button" data-testid="sign-out" aria-label="Sign out" title="Sign out"
          onClick={props.onSignOut}
        >
          <SignOutIcon />
        </button>
      </footer>
    </aside>
  );
}

function OwnStatus({ own, onChoose }: { own: ChosenStatus; onChoose: (status: ChosenStatus) => void }) {
  return (
    <select
      className="own-status" data-testid="own-status" aria-label="Your status" value={own}
      onChange={(event) => onChoose(event.target.value as ChosenStatus)}
    >
      {Object.entries(kStatusNames).map(([status, name]) => (
        <option key={status} value={status}>
          {name}
        </option>
      ))}
    </select>
  );
}

function WorkspaceChoice(props: { directory: Directory; onWorkspace: (workspaceId: string) => void }) {
  const { workspaces, workspace } = props.directory;
  if (workspaces.length === 1) return <p className="workspace">{workspace.name}</p>;
  return (
    <select
      className="workspace" aria-label="Workspace" value={workspace.id}
      onChange={(event) => props.onWorkspace(event.target.value)}
    >
      {workspaces.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function ChannelButton(props: { channel: ChannelInfo; unread: number; current: boolean; onPick: (id: string) => void }) {
  const { channel, unread, current } = props;
  return (
    <button
      type="button" className={`channel${unread > 0 ? " has-unread" : ""}`} data-testid={`channel-${channel.name}`}
      aria-current={current ? "page" : undefined} onClick={() => props.onPick(channel.id)}
    >
      <ChannelMark type={channel.type} />
      <span className="channel-name">{channel.name}</span>
      {unread > 0 && (
        <span className="unread-dot">
          <span className="sr-only">{unread} unread</span>
        </span>
      )}
    </button>
  );
}

export function ChannelMark({ type }: { type: ChannelInfo["type"] }) {
  if (type === "private") return <LockIcon />;
  if (type === "direct") return <PersonIcon />;
  return <HashIcon />;
}
