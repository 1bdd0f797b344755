import type { ChannelInfo, ChatState } from "@atrium/client";
import { MenuIcon, WarningIcon } from "./icons";
import { ChannelMark } from "./sidebar";

export function RoomHeader(props: {
  channel: ChannelInfo | undefined;
  count: number | undefined;
  status: ChatState["status"];
  reason: string | undefined;
  unreadElsewhere: boolean;
  onMenu: () => void;
  /** Undefined where the people are beside the room anyway. */
  onPeople: (() => void) | undefined;
  onRetry: () => void;
}) {
  const { channel, count, status, unreadElsewhere } = props;
  return (
    <>
      <header className="room-head">
        <button
          type="button" className="icon-button menu-button" data-testid="menu-button" onClick={props.onMenu}
          aria-label={unreadElsewhere ? "Channels, some with unread messages" : "Channels"}
        >
          <MenuIcon />
          {unreadElsewhere && <span className="unread-dot" />}
        </button>
        <div className="room-title">
          <h1>
            {channel && <ChannelMark type={channel.type} />}
            {channel?.name}
          </h1>
          {channel?.description && <p>{channel.description}</p>}
        </div>
        <LiveCount count={count} live={status === "live"} onPeople={props.onPeople} />
      </header>
      <ReconnectBanner status={status} reason={props.reason} onRetry={props.onRetry} />
    </>
  );
}

function LiveCount(props: { count: number | undefined; live: boolean; onPeople: (() => void) | undefined }) {
  const { count, live, onPeople } = props;
  const content = (
    <>
      <span className={live ? "live-light" : "live-light is-out"} aria-hidden="true" />
      <span>
        <span data-testid="live-count">{count}</span> online
      </span>
    </>
  );
  if (onPeople === undefined) {
    return (
      <div className="live" hidden={count === undefined}>
        {content}
      </div>
    );
  }
  return (
    <button type="button" className="live" onClick={onPeople} title="Who is online">
      {content}
    </button>
  );
}

function ReconnectBanner(props: { status: ChatState["status"]; reason: string | undefined; onRetry: () => void }) {
  const { status, reason } = props;
  if (status !== "reconnecting" && status !== "stopped") return null;
  return (
    <div className="reconnect" role="status" data-testid="reconnect-banner">
      <WarningIcon />
      <span>
        {status === "reconnecting" ? "Connection lost. Reconnecting…" : `${reason ?? "Not connected"}.`}
      </span>
      <button type="button" className="link" onClick={props.onRetry}>
        {status === "reconnecting" ? "Try now" : "Connect again"}
      </button>
    </div>
  );
}
