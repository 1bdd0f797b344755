import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from "react";

/** This close to an end counts as there. */
const kBottomPx = 48;
const kTopPx = 500;

/** What stays in place when the content changes: the end, or one row at its distance from the upper edge. */
type Hold = "bottom" | { readonly key: string; readonly offset: number };

/**
 * Keeps a list of rows (elements with `data-key`) still while rows come and go above, below or between, and at its end
 * when it was there. Browsers' own scroll anchoring is off for it: Safari has none, and none works at the very top.
 */
export function useScroll(options: {
  /** Changes whenever the content does. */
  content: unknown;
  onBottom: (atBottom: boolean) => void;
  onNearTop: () => void;
}): { box: RefObject<HTMLDivElement | null>; onScroll: () => void; toBottom: () => void } {
  const box = useRef<HTMLDivElement>(null);
  const hold = useRef<Hold>("bottom");
  const latest = useRef(options);
  latest.current = options;

  const settle = useCallback(() => {
    const element = box.current;
    if (element === null) return;
    const top = targetOf(element, hold.current);
    if (top !== undefined && Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
    if (element.scrollTop < kTopPx) latest.current.onNearTop();
  }, []);

  const onScroll = useCallback(() => {
    const element = box.current;
    if (element === null) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    hold.current = below < kBottomPx ? "bottom" : firstVisible(element);
    latest.current.onBottom(hold.current === "bottom");
    if (element.scrollTop < kTopPx) latest.current.onNearTop();
  }, []);

  const toBottom = useCallback(() => {
    hold.current = "bottom";
    settle();
    latest.current.onBottom(true);
  }, [settle]);

  useLayoutEffect(settle, [settle, options.content]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(settle);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [settle]);

  return { box, onScroll, toBottom };
}

function rowsOf(element: HTMLElement): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>("[data-key]")];
}

function firstVisible(element: HTMLElement): Hold {
  const row = rowsOf(element).find(({ offsetTop, offsetHeight }) => offsetTop + offsetHeight > element.scrollTop);
  if (row?.dataset.key === undefined) return "bottom";
  return { key: row.dataset.key, offset: row.offsetTop - element.scrollTop };
}

/** Undefined where the row held is gone: then nothing is better than to stay. */
function targetOf(element: HTMLElement, hold: Hold): number | undefined {
  if (hold === "bottom") return element.scrollHeight - element.clientHeight;
  const row = rowsOf(element).find(({ dataset }) => dataset.key === hold.key);
  return row && row.offsetTop - hold.offset;
}
