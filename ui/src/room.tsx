import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { typingLabel, type Channel, type ChannelInfo, type ChannelView, type User } from "@atrium/client";
import { Composer } from "./composer";
import { MessageList } from "./message-list";
import type { MessageActions } from "./message-row";
import { usePageVisible } from "./use-media";

/** One channel, for as long as it is shown: its messages, who types, and the field to write in. */
export function Room(props: {
  channel: Channel;
  view: ChannelView;
  info: ChannelInfo;
  me: User;
  /** What was written and not sent, by channel id; outlives this room. */
  drafts: Map<string, string>;
  onProblem: (text: string) => void;
}) {
  const { channel, view, info, me, drafts, onProblem } = props;
  const [editingId, setEditingId] = useState<string>();
  const [atBottom, setAtBottom] = useState(true);
  const visible = usePageVisible();
  const composer = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    channel.attend(atBottom && visible);
    return () => channel.attend(false);
  }, [channel, atBottom, visible]);

  const endEdit = useCallback(() => {
    setEditingId(undefined);
    composer.current?.focus();
  }, []);

  const actions = useMemo<MessageActions>(
    () => ({
      edit: setEditingId,
      endEdit,
      async save(messageId, content) {
        await channel.edit(messageId, content);
        endEdit();
      },
      remove: (messageId) => void channel.remove(messageId).catch((error: Error) => onProblem(error.message)),
      retry: (clientMsgId) => channel.retry(clientMsgId),
      discard: (clientMsgId) => channel.discard(clientMsgId),
    }),
    [channel, endEdit, onProblem],
  );

  function editLast() {
    const last = view.log.sent.findLast(({ senderId }) => senderId === me.id);
    if (last !== undefined) setEditingId(last.messageId);
  }

  return (
    <>
      <MessageList
        view={view} info={info} meId={me.id} editingId={editingId} actions={actions} atBottom={atBottom}
        onAtBottom={setAtBottom} onOlder={() => void channel.loadOlder()} onReload={() => channel.reload()}
      />
      <div className="room-foot">
        <TypingLine names={view.typists.map(({ userName }) => userName)} />
        {view.access === "refused" ? (
          <p className="refusal" role="status">
            {view.refusal}
          </p>
        ) : (
          <Composer
            ref={composer} channelName={info.name} drafts={drafts} channelId={info.id}
            onInput={(text) => channel.composing(text)} onSend={(text) => channel.send(text)} onEditLast={editLast}
          />
        )}
      </div>
    </>
  );
}

function TypingLine({ names }: { names: readonly string[] }) {
  const label = typingLabel(names);
  return (
    <div className={label === "" ? "typing" : "typing is-on"}>
      <span className="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span aria-live="polite" data-testid="typing-line">
        {label}
      </span>
    </div>
  );
}
