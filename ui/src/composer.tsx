import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type Ref } from "react";
import { SendIcon } from "./icons";
import { useGrowing } from "./use-growing";

/** The server's limit, in code points. */
const kMostCharacters = 4_000;
const kWarnBelow = 400;

export function Composer(props: {
  ref: Ref<HTMLTextAreaElement>;
  channelId: string;
  channelName: string;
  drafts: Map<string, string>;
  onInput: (text: string) => void;
  onSend: (text: string) => void;
  onEditLast: () => void;
}) {
  const { channelId, channelName, drafts } = props;
  const [text, setText] = useState(() => drafts.get(channelId) ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const left = kMostCharacters - [...text.trim()].length;
  const sendable = text.trim() !== "" && left >= 0;

  useEffect(() => {
    // On a phone, focus would throw the keyboard over the messages.
    if (window.matchMedia("(hover: hover)").matches) field.current?.focus();
  }, []);

  useGrowing(field, text);

  function change(next: string) {
    setText(next);
    drafts.set(channelId, next);
    props.onInput(next);
  }

  function send(event?: FormEvent) {
    event?.preventDefault();
    if (!sendable) return;
    setText("");
    drafts.delete(channelId);
    props.onSend(text);
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && text === "") {
      event.preventDefault();
      props.onEditLast();
    }
  }

  function attach(element: HTMLTextAreaElement | null) {
    field.current = element;
    if (typeof props.ref === "function") props.ref(element);
    else if (props.ref) props.ref.current = element;
  }

  return (
    <form className="composer" onSubmit={send}>
      <div className="composer-field">
        <label className={text === "" ? "composer-label" : "sr-only"} htmlFor="composer">
          Message #{channelName}
        </label>
        <textarea
          id="composer" data-testid="composer" ref={attach} rows={1} value={text} enterKeyHint="send"
          aria-invalid={left < 0} aria-describedby={left < kWarnBelow ? "composer-left" : undefined}
          onChange={(event) => change(event.target.value)} onKeyDown={onKeyDown}
        />
        {left < kWarnBelow && (
          <span id="composer-left" className={left < 0 ? "composer-left is-over" : "composer-left"}>
            {left < 0 ? `${-left} too many` : `${left} left`}
          </span>
        )}
      </div>
      <button type="submit" className="send" data-testid="send" aria-label="Send" disabled={!sendable}>
        <SendIcon />
      </button>
    </form>
  );
}
