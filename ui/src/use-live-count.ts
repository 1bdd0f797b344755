import { useEffect, useState } from "react";
import { EventStream, type RestClient, type StatsUpdate } from "@atrium/client";

/** How many are online in the workspace, as the server counts; undefined until it has said so. */
export function useLiveCount(rest: RestClient, token: string, workspaceId: string | undefined): number | undefined {
  const [count, setCount] = useState<number>();

  useEffect(() => {
    if (workspaceId === undefined) return;
    setCount(undefined);
    const stream = new EventStream({ url: rest.liveStatsUrl(workspaceId), token }, ({ name, data }) => {
      if (name === "stats:update") setCount((JSON.parse(data) as StatsUpdate).onlineUsersCount);
    });
    return () => stream.close();
  }, [rest, token, workspaceId]);

  return count;
}
