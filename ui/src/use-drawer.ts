import { useCallback, useEffect, useMemo, useRef, useState } from "react";

export type DrawerName = "channels" | "people";

export interface Drawer {
  /** Meaningful on narrow screens only; on wide ones both are always there. */
  readonly open: DrawerName | undefined;
  show(name: DrawerName): void;
  close(): void;
}

/** Which of the two side panels covers the room. Escape closes it, and the focus goes in and comes back. */
export function useDrawer(): Drawer {
  const [open, setOpen] = useState<DrawerName>();
  const opener = useRef<Element | null>(null);

  const show = useCallback((name: DrawerName) => {
    opener.current = document.activeElement;
    setOpen(name);
  }, []);
  const close = useCallback(() => setOpen(undefined), []);

  useEffect(() => {
    if (open === undefined) return;
    const panel = document.getElementById(open);
    (panel?.querySelector<HTMLElement>("[aria-current], button") ?? panel)?.focus();
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key === "Escape") setOpen(undefined);
    };
    document.addEventListener("keydown", closeOnEscape);
    return () => {
      document.removeEventListener("keydown", closeOnEscape);
      if (opener.current instanceof HTMLElement) opener.current.focus();
    };
  }, [open]);

  return useMemo(() => ({ open, show, close }), [open, show, close]);
}
