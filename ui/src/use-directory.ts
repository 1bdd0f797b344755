import { useCallback, useEffect, useRef, useState } from "react";
import type { ChannelInfo, Member, RestClient, Workspace } from "@atrium/client";

/** One workspace with what is in it, among the others that the user may choose. */
export interface Directory {
  readonly workspaces: readonly Workspace[];
  readonly workspace: Workspace;
  readonly channels: readonly ChannelInfo[];
  readonly members: readonly Member[];
}

export type DirectoryState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "ready"; readonly directory: Directory };

/** Reads the directory once and again on `reload`; what is shown stays shown meanwhile, and when reading again fails. */
export function useDirectory(rest: RestClient, workspaceId: string | undefined): [DirectoryState, () => void] {
  const [state, setState] = useState<DirectoryState>({ kind: "loading" });
  const turn = useRef(0);

  const reload = useCallback(() => {
    const mine = ++turn.current;
    read(rest, workspaceId).then(
      (directory) => mine === turn.current && setState({ kind: "ready", directory }),
      (error: Error) =>
        mine === turn.current && setState((held) => (held.kind === "ready" ? held : { kind: "failed", reason: error.message })),
    );
  }, [rest, workspaceId]);

  useEffect(() => {
    reload();
    return () => void turn.current++;
  }, [reload]);

  return [state, reload];
}

async function read(rest: RestClient, workspaceId: string | undefined): Promise<Directory> {
  const workspaces = await rest.workspaces();
  const workspace = workspaces.find(({ id }) => id === workspaceId) ?? workspaces[0];
  if (workspace === undefined) throw new Error("You are not a member of any workspace yet");
  const [channels, members] = await Promise.all([
    rest.channels(workspace.id),
    // Only to show who is offline: the page does without.
    rest.members(workspace.id).catch(() => []),
  ]);
  return { workspaces, workspace, channels, members };
}
