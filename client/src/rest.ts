import type { ChannelInfo, Member, Message, User, WireError, Workspace } from "./events";

/** A REST call that failed: the server's own words where it answered, `NETWORK` where it did not. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, { code, message, detail }: WireError) {
    super(detail ?? message);
    this.name = "ApiError";
    this.status = status;
    this.code = code ?? "UNKNOWN";
  }
}

export interface MessageQuery {
  readonly before?: string;
  readonly after?: string;
  readonly limit?: number;
}

export interface MessagePage {
  /** Newest first. */
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
}

interface HistoryBody {
  data: Message[];
  meta?: { hasMore?: boolean };
}

/** The REST side of Atrium, for one user (or for nobody yet, without a token). */
export class RestClient {
  constructor(
    private readonly baseUrl: string,
    private readonly token?: string,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
  ) {}

  /** Whom one may sign in as, or null where the server has no demo users. */
  async demoUsers(): Promise<User[] | null> {
    try {
      return (await this.call<{ data: User[] }>("GET", "/auth/demo")).data;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  async demoSignIn(userId: string): Promise<string> {
    const { data } = await this.call<{ data: { accessToken: string } }>("POST", "/auth/demo", { userId });
    return data.accessToken;
  }

  async me(): Promise<User> {
    return (await this.call<{ data: User }>("GET", "/users/me")).data;
  }

  async workspaces(): Promise<Workspace[]> {
    return (await this.call<{ data: Workspace[] }>("GET", "/workspaces?limit=100")).data;
  }

  async channels(workspaceId: string): Promise<ChannelInfo[]> {
    return (await this.call<{ data: ChannelInfo[] }>("GET", `/workspaces/${segment(workspaceId)}/channels?limit=100`)).data;
  }

  async members(workspaceId: string): Promise<Member[]> {
    return (await this.call<{ data: Member[] }>("GET", `/workspaces/${segment(workspaceId)}/members?limit=100`)).data;
  }

  /** The `limit` messages just below `before` or just above `after` (message ids), or the newest. */
  async messages(channelId: string, query: MessageQuery): Promise<MessagePage> {
    const search = new URLSearchParams();
    if (query.before !== undefined) search.set("before", query.before);
    if (query.after !== undefined) search.set("after", query.after);
    if (query.limit !== undefined) search.set("limit", String(query.limit));
    const body = await this.call<HistoryBody>("GET", `/channels/${segment(channelId)}/messages?${search}`);
    return { messages: body.data, hasMore: body.meta?.hasMore ?? false };
  }

  async editMessage(messageId: string, content: string): Promise<Message> {
    return (await this.call<{ data: Message }>("PATCH", `/messages/${segment(messageId)}`, { content })).data;
  }

  async deleteMessage(messageId: string): Promise<void> {
    await this.call("DELETE", `/messages/${segment(messageId)}`);
  }

  /** The address of a workspace's live stats (server-sent events). */
  liveStatsUrl(workspaceId: string): string {
    return `${this.baseUrl}/workspaces/${segment(workspaceId)}/stats/live`;
  }

  private async call<Body>(method: string, path: string, payload?: object): Promise<Body> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (this.token !== undefined) headers.authorization = `Bearer ${this.token}`;
    if (payload !== undefined) headers["content-type"] = "application/json";
    let response: Response;
    try {
      response = await this.fetcher(this.baseUrl + path, { method, headers, body: payload && JSON.stringify(payload) });
    } catch {
      throw new ApiError(0, { code: "NETWORK", message: "The server cannot be reached" });
    }
    const text = await response.text();
    const body = parseJson(text);
    if (!response.ok) throw new ApiError(response.status, problem(response.status, body));
    if (body === undefined) {
      throw new ApiError(response.status, { code: "BAD_ANSWER", message: "The server gave an unreadable answer" });
    }
    return body as Body;
  }
}

function segment(id: string): string {
  return encodeURIComponent(id);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problem(status: number, body: unknown): WireError {
  if (typeof body === "object" && body !== null && "message" in body) return body as WireError;
  return { code: `HTTP_${status}`, message: `The server answered ${status}` };
}
