import { useEffect, useState, useSyncExternalStore } from "react";
import { connectChat, type ChatClient, type ChatState, type Notice, type RestClient, type User } from "@atrium/client";

/** One user's connection, for as long as the component that asks for it is shown. */
export function useChat(options: {
  token: string;
  rest: RestClient;
  me: User;
  onNotice: (notice: Notice) => void;
  onRefused: (reason: string) => void;
}): [ChatClient, ChatState] {
  const [client] = useState(() => connectChat({ origin: "", ...options }));
  const state = useSyncExternalStore(client.subscribe, client.getState);

  useEffect(() => {
    client.start();
    // The browser knows when the network is back; waiting out a delay would only look slow.
    const retry = () => client.retryNow();
    window.addEventListener("online", retry);
    return () => {
      window.removeEventListener("online", retry);
      client.close();
    };
  }, [client]);

  return [client, state];
}
