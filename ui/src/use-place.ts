import { useCallback, useEffect, useState } from "react";

/** Where in the house one is; kept in the address, so that reload and bookmarks lead back there. */
export interface Place {
  readonly workspaceId?: string;
  readonly channelId?: string;
}

export function usePlace(): [Place, (place: Place) => void] {
  const [place, setPlace] = useState(readPlace);

  useEffect(() => {
    const follow = () => setPlace(readPlace());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);

  const go = useCallback((next: Place) => {
    const path = [next.workspaceId, next.channelId].map((id) => encodeURIComponent(id ?? "")).join("/");
    window.history.pushState(null, "", `#/${path}`);
    setPlace(next);
  }, []);

  return [place, go];
}

function readPlace(): Place {
  const [workspaceId, channelId] = window.location.hash.replace(/^#\/?/, "").split("/").map(decode);
  return { workspaceId: workspaceId || undefined, channelId: channelId || undefined };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
