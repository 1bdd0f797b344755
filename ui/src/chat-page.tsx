import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Channel, ChannelInfo, RestClient, User } from "@atrium/client";
import { People } from "./people";
import { Room } from "./room";
import { RoomHeader } from "./room-header";
import { Sidebar } from "./sidebar";
import { Toasts, useToasts } from "./toasts";
import { Unreachable } from "./unreachable";
import { useChat } from "./use-chat";
import { useDirectory } from "./use-directory";
import { useDrawer } from "./use-drawer";
import { useLiveCount } from "./use-live-count";
import { useMedia } from "./use-media";
import { usePlace } from "./use-place";
import { useStir } from "./use-stir";

const kPhone = "(max-width: 760px)";
const kNarrow = "(max-width: 1080px)";

export function ChatPage(props: { token: string; me: User; rest: RestClient; onLeave: (notice?: string) => void }) {
  const { token, me, rest, onLeave } = props;
  const { toasts, show: showToast, dismiss } = useToasts();
  const [client, state] = useChat({ token, rest, me, onNotice: ({ text }) => showToast(text), onRefused: onLeave });
  const [place, go] = usePlace();
  const [directoryState, reloadDirectory] = useDirectory(rest, place.workspaceId);
  const [channel, setChannel] = useState<Channel>();
  const drafts = useRef(new Map<string, string>());
  const phone = useMedia(kPhone);
  const narrow = useMedia(kNarrow);
  const drawer = useDrawer();
  const directory = directoryState.kind === "ready" ? directoryState.directory : undefined;
  const workspaceId = directory?.workspace.id;
  const chosen = directory && choose(directory.channels, place.channelId);
  const chosenId = chosen?.id;
  const count = useLiveCount(rest, token, workspaceId);

  useEffect(() => {
    if (directory !== undefined) client.enter(directory.workspace.id, directory.members.map(({ id }) => id));
  }, [client, directory]);

  useStir(client);

  useEffect(() => {
    setChannel(chosenId === undefined ? undefined : client.show(chosenId));
  }, [client, chosenId]);

  useEffect(() => {
    if (directory !== undefined) client.follow(directory.channels.map(({ id }) => id));
  }, [client, directory]);

  const wasLive = useRef(false);
  useEffect(() => {
    if (state.status !== "live") return;
    // While the connection was away, channels may have been made.
    if (wasLive.current) reloadDirectory();
    wasLive.current = true;
  }, [state.status, reloadDirectory]);

  const unread = useMemo(
    () => [...state.channels.values()].reduce((sum, view) => sum + view.unread, 0),
    [state.channels],
  );
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${chosen ? `#${chosen.name} · ` : ""}Atrium`;
    return () => void (document.title = "Atrium");
  }, [chosen, unread]);

  const goToChannel = useCallback(
    (channelId: string) => {
      go({ workspaceId, channelId });
      drawer.close();
    },
    [go, workspaceId, drawer],
  );

  if (directoryState.kind === "failed") {
    return <Unreachable reason={directoryState.reason} onRetry={reloadDirectory} onSignOut={() => onLeave()} />;
  }

  const view = channel && state.channels.get(channel.view.id);
  const unreadElsewhere = [...state.channels.values()].some((other) => other.unread > 0 && other.id !== chosenId);
  return (
    <div className="chat" data-drawer={drawer.open}>
      <Sidebar
        directory={directory} channels={state.channels} currentId={chosenId} me={me} status={state.status} own={state.own}
        hidden={phone && drawer.open !== "channels"} onClose={phone ? drawer.close : undefined}
        onChannel={goToChannel} onWorkspace={(id) => go({ workspaceId: id })} onSignOut={() => onLeave()}
        onChoose={(status) => client.choose(status).catch((error: Error) => showToast(error.message))}
      />
      <main className="room" inert={(phone && drawer.open === "channels") || (narrow && drawer.open === "people")}>
        <RoomHeader
          channel={chosen} count={count} status={state.status} reason={state.reason} unreadElsewhere={unreadElsewhere}
          onMenu={() => drawer.show("channels")} onPeople={narrow ? () => drawer.show("people") : undefined}
          onRetry={() => client.retryNow()}
        />
        {channel && view && chosen && view.id === chosen.id ? (
          <Room
            key={view.id} channel={channel} view={view} info={chosen} me={me} drafts={drafts.current} onProblem={showToast}
          />
        ) : (
          <div className="room-empty" role="status">
            {directory && directory.channels.length === 0 ? "There is no channel here yet." : ""}
          </div>
        )}
      </main>
      <People
        online={state.online} members={directory?.members ?? []} me={me} known={state.status === "live"}
        hidden={narrow && drawer.open !== "people"} onClose={narrow ? drawer.close : undefined}
      />
      <div className="scrim" onClick={drawer.close} />
      <Toasts toasts={toasts} onDismiss={dismiss} />
    </div>
  );
}

/** The channel asked for, else the one everybody knows, else any. */
function choose(channels: readonly ChannelInfo[], channelId: string | undefined): ChannelInfo | undefined {
  return channels.find(({ id }) => id === channelId) ?? channels.find(({ name }) => name === "general") ?? channels[0];
}
