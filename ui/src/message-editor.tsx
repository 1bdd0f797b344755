import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useGrowing } from "./use-growing";

/** A message turned into a field, in its place. Enter saves, Escape gives up; unchanged text is not sent. */
export function MessageEditor(props: { content: string; onSave: (content: string) => Promise<void>; onEnd: () => void }) {
  const { content, onSave, onEnd } = props;
  const [text, setText] = useState(content);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    const box = field.current;
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  }, []);

  useGrowing(field, text);

  async function save() {
    const next = text.trim();
    if (busy || next === "") return;
    if (next === content) return onEnd();
    setBusy(true);
    setProblem(undefined);
    try {
      await onSave(next);
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      onEnd();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void save();
    }
  }

  return (
    <div className="editor">
      <textarea
        ref={field} data-testid="edit-input" aria-label="Edit message" aria-describedby="edit-help" rows={1} value={text}
        onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown}
      />
      <div className="editor-foot">
        <button type="button" className="link" disabled={busy || text.trim() === ""} onClick={() => void save()}>
          Save
        </button>
        <button type="button" className="link is-quiet" onClick={onEnd}>
          Cancel
        </button>
        <span id="edit-help" className="editor-help">
          Enter saves, Escape cancels
        </span>
        {problem !== undefined && (
          <span className="editor-problem" role="alert">
            {problem}
          </span>
        )}
      </div>
    </div>
  );
}
