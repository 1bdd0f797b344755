import { useLayoutEffect, useMemo, useRef } from "react";
import type { ChannelInfo, ChannelView } from "@atrium/client";
import { dayLabel } from "./dates";
import { DownIcon } from "./icons";
import { MessageRow, type MessageActions } from "./message-row";
import { ChannelMark } from "./sidebar";
import { timeline, type TimelineRow } from "./timeline";
import { useScroll } from "./use-scroll";

export function MessageList(props: {
  view: ChannelView;
  info: ChannelInfo;
  meId: string;
  editingId: string | undefined;
  actions: MessageActions;
  atBottom: boolean;
  onAtBottom: (atBottom: boolean) => void;
  onOlder: () => void;
  onReload: () => void;
}) {
  const { view, info, meId, editingId, actions, atBottom } = props;
  const { log, history, older, firstUnreadSeq } = view;
  const rows = useMemo(() => timeline(log, firstUnreadSeq), [log, firstUnreadSeq]);
  const { box, onScroll, toBottom } = useScroll({
    content: rows,
    onBottom: props.onAtBottom,
    onNearTop: () => {
      if (older === "idle" && history === "ready" && log.hasOlder) props.onOlder();
    },
  });

  // What one has just written is what one wants to see.
  const lastWritten = log.outgoing.at(-1)?.key;
  const lastSeen = useRef(lastWritten);
  useLayoutEffect(() => {
    if (lastWritten !== undefined && lastWritten !== lastSeen.current) toBottom();
    lastSeen.current = lastWritten;
  }, [lastWritten, toBottom]);

  return (
    <div className="messages">
      <div
        className="message-scroll" ref={box} onScroll={onScroll} tabIndex={0} data-testid="message-list" role="log"
        aria-label={`Messages in ${info.name}`} aria-busy={history === "loading" || older === "loading"}
      >
        <div className="message-column">
          <Beginning view={view} info={info} onOlder={props.onOlder} onReload={props.onReload} />
          <ol className="message-rows">
            {rows.map((row) => (
              <Row key={row.key} row={row} meId={meId} editingId={editingId} actions={actions} />
            ))}
          </ol>
        </div>
      </div>
      {!atBottom && (
        <button type="button" className={view.unread > 0 ? "to-bottom has-unread" : "to-bottom"} onClick={toBottom}>
          <DownIcon />
          {view.unread > 0 ? `${view.unread} new` : "Newest"}
        </button>
      )}
    </div>
  );
}

function Row(props: { row: TimelineRow; meId: string; editingId: string | undefined; actions: MessageActions }) {
  const { row, meId, editingId, actions } = props;
  if (row.kind === "day") return <Divider label={dayLabel(row.at, new Date())} />;
  if (row.kind === "unread") return <Divider label="New" unread />;
  const { message } = row;
  const editing = editingId !== undefined && "messageId" in message && message.messageId === editingId;
  return (
    <MessageRow
      message={message} continues={row.continues} mine={message.senderId === meId} editing={editing} actions={actions}
    />
  );
}

function Divider(props: { label: string; unread?: boolean }) {
  return (
    <li className={props.unread ? "divider is-unread" : "divider"}>
      <span>{props.label}</span>
    </li>
  );
}

/** What stands above the first message held. */
function Beginning(props: { view: ChannelView; info: ChannelInfo; onOlder: () => void; onReload: () => void }) {
  const { view, info } = props;
  const { history, older, log } = view;
  if (history === "failed") return <Trouble text="The messages could not be read." onRetry={props.onReload} />;
  if (history !== "ready") return view.access === "refused" ? null : <Loading />;
  if (older === "failed") return <Trouble text="Older messages could not be read." onRetry={props.onOlder} />;
  if (log.hasOlder) return <p className="older">{older === "loading" ? "Reading older messages…" : ""}</p>;
  return (
    <div className="beginning">
      <span className="beginning-mark" aria-hidden="true">
        <ChannelMark type={info.type} />
      </span>
      <h2>{info.name}</h2>
      <p>
        {log.sent.length === 0 ? "Nobody has said anything yet. The first word is yours." : "This is where the channel begins."}
      </p>
    </div>
  );
}

function Loading() {
  return (
    <div className="loading" role="status">
      <span className="sr-only">Loading messages</span>
      {[62, 38, 74, 50].map((width, index) => (
        <span key={index} className="loading-row" aria-hidden="true">
          <i />
          <b style={{ width: `${width}%` }} />
        </span>
      ))}
    </div>
  );
}

function Trouble(props: { text: string; onRetry: () => void }) {
  return (
    <p className="trouble" role="alert">
      {props.text}{" "}
      <button type="button" className="link" onClick={props.onRetry}>
        Try again
      </button>
    </p>
  );
}
