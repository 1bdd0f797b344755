import { useCallback, useEffect, useRef, useState } from "react";
import { CloseIcon } from "./icons";

const kShownMs = 6_000;
const kMost = 3;

export interface Toast {
  readonly id: number;
  readonly text: string;
}

/** Short notes that go away by themselves. The same words twice at once are one note. */
export function useToasts(): { toasts: readonly Toast[]; show: (text: string) => void; dismiss: (id: number) => void } {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const lastId = useRef(0);

  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback((text: string) => {
    const id = ++lastId.current;
    setToasts((all) => [...all.filter((toast) => toast.text !== text), { id, text }].slice(-kMost));
  }, []);

  return { toasts, show, dismiss };
}

export function Toasts(props: { toasts: readonly Toast[]; onDismiss: (id: number) => void }) {
  return (
    <div className="toasts" role="status">
      {props.toasts.map((toast) => (
        <ToastNote key={toast.id} toast={toast} onDismiss={props.onDismiss} />
      ))}
    </div>
  );
}

function ToastNote({ toast, onDismiss }: { toast: Toast; onDismiss: (id: number) => void }) {
  useEffect(() => {
    const timer = setTimeout(() => onDismiss(toast.id), kShownMs);
    return () => clearTimeout(timer);
  }, [toast.id, onDismiss]);

  return (
    <div className="toast">
      <span>{toast.text}</span>
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => onDismiss(toast.id)}>
        <CloseIcon />
      </button>
    </div>
  );
}
