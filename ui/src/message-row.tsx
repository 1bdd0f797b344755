import { memo } from "react";
import { Avatar } from "./avatar";
import { fullLabel, timeLabel } from "./dates";
import { DeleteIcon, EditIcon } from "./icons";
import { MessageEditor } from "./message-editor";
import { RichText } from "./rich-text";
import type { ShownMessage } from "./timeline";

export interface MessageActions {
  edit(messageId: string): void;
  endEdit(): void;
  /** Rejects with the reason for people. */
  save(messageId: string, content: string): Promise<void>;
  remove(messageId: string): void;
  retry(clientMsgId: string): void;
  discard(clientMsgId: string): void;
}

/** One message. `continues`: by the author of the one above, so that name and picture are not said again. */
export const MessageRow = memo(function MessageRow(props: {
  message: ShownMessage;
  continues: boolean;
  mine: boolean;
  editing: boolean;
  actions: MessageActions;
}) {
  const { message, continues, mine, editing, actions } = props;
  const sent = "messageId" in message ? message : undefined;
  const state = "state" in message ? message.state : "sent";
  return (
    <li
      className={`message is-${state}${continues ? " continues" : ""}${editing ? " is-editing" : ""}`}
      data-testid="message" data-message-id={sent?.messageId} data-key={message.key}
    >
      <div className="message-gutter">
        {continues ? <Time at={message.createdAt} /> : <Avatar id={message.senderId} name={message.senderName} />}
      </div>
      <div className="message-body">
        <div className={continues ? "sr-only" : "message-head"}>
          <span className="message-author">{message.senderName}</span>
          {!continues && <Time at={message.createdAt} />}
        </div>
        {editing && sent ? (
          <MessageEditor content={sent.content} onSave={(text) => actions.save(sent.messageId, text)} onEnd={actions.endEdit} />
        ) : (
          <div className="message-text">
            <span data-testid="message-content">
              <RichText text={message.content} />
            </span>
            {sent?.isEdited && (
              <span className="message-edited" title={sent.updatedAt && fullLabel(sent.updatedAt)}>
                edited
              </span>
            )}
          </div>
        )}
        {"state" in message && message.state === "failed" && (
          <div className="message-failure" role="alert">
            <span>Not sent. {message.reason}</span>
            <button type="button" className="link" onClick={() => actions.retry(message.clientMsgId)}>
              Try again
            </button>
            <button type="button" className="link" onClick={() => actions.discard(message.clientMsgId)}>
              Discard
            </button>
          </div>
        )}
      </div>
      {mine && sent && !editing && (
        <div className="message-tools">
          <button
            type="button" className="icon-button" data-testid="message-edit" aria-label="Edit message" title="Edit"
            onClick={() => actions.edit(sent.messageId)}
          >
            <EditIcon />
          </button>
          <button
            type="button" className="icon-button is-danger" data-testid="message-delete" aria-label="Delete message"
            title="Delete" onClick={() => actions.remove(sent.messageId)}
          >
            <DeleteIcon />
          </button>
        </div>
      )}
    </li>
  );
});

function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={fullLabel(at)}>
      {timeLabel(at)}
    </time>
  );
}
