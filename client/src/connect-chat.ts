import { io } from "socket.io-client";
import { ChatClient, type Notice } from "./chat-client";
import type { Wire } from "./connection";
import type { User } from "./events";
import type { RestClient } from "./rest";

/** A ChatClient over a real connection, not yet started: call `start()` once somebody listens. */
export function connectChat(options: {
  /** Where the server is: "" for the page's own origin. */
  origin: string;
  token: string;
  rest: RestClient;
  me: User;
  onNotice: (notice: Notice) => void;
  onRefused: (reason: string) => void;
}): ChatClient {
  const { origin, token, ...parts } = options;
  const socket = io(`${origin}/chat`, {
    path: "/ws",
    auth: { token, caps: ["presence.v2"] },
    autoConnect: false,
    // Each client has its own connection, even for the same user in the same page.
    forceNew: true,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
  });
  const wire: Wire = socket;
  return new ChatClient({ ...parts, wire });
}
