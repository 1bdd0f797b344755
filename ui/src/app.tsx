import { useCallback, useEffect, useState } from "react";
import { ApiError, RestClient, type User } from "@atrium/client";
import { kApi } from "./api";
import { ChatPage } from "./chat-page";
import { SignIn } from "./sign-in";
import { forgetToken, keepToken, readToken } from "./token-store";
import { Unreachable } from "./unreachable";

type Phase =
  | { kind: "outside"; notice?: string }
  | { kind: "entering"; token: string }
  | { kind: "unreachable"; token: string; reason: string }
  | { kind: "inside"; token: string; me: User; rest: RestClient };

export function App() {
  const [phase, setPhase] = useState<Phase>(() => {
    const token = readToken();
    return token === null ? { kind: "outside" } : { kind: "entering", token };
  });

  const enter = useCallback((token: string) => {
    keepToken(token);
    setPhase({ kind: "entering", token });
  }, []);

  const leave = useCallback((notice?: string) => {
    forgetToken();
    setPhase({ kind: "outside", notice });
  }, []);

  const entering = phase.kind === "entering" ? phase.token : undefined;
  useEffect(() => {
    if (entering === undefined) return;
    let current = true;
    const rest = new RestClient(kApi, entering);
    rest.me().then(
      (me) => current && setPhase({ kind: "inside", token: entering, me, rest }),
      (error: unknown) => {
        if (!current) return;
        const status = error instanceof ApiError ? error.status : 0;
        if (status === 401 || status === 403) leave("This token is not valid any more. Please sign in again.");
        else setPhase({ kind: "unreachable", token: entering, reason: String((error as Error).message) });
      },
    );
    return () => {
      current = false;
    };
  }, [entering, leave]);

  switch (phase.kind) {
    case "outside":
      return <SignIn notice={phase.notice} onToken={enter} />;
    case "entering":
      return <div className="entering" role="status" aria-label="Signing in" />;
    case "unreachable":
      return <Unreachable reason={phase.reason} onRetry={() => enter(phase.token)} onSignOut={() => leave()} />;
    case "inside":
      return <ChatPage key={phase.token} token={phase.token} me={phase.me} rest={phase.rest} onLeave={leave} />;
  }
}
