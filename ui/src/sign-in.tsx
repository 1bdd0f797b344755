import { useEffect, useState, type FormEvent } from "react";
import { ApiError, RestClient, type User } from "@atrium/client";
import { kApi } from "./api";
import { Avatar } from "./avatar";
import { Brand } from "./brand";

/** Undefined while nobody knows yet; null where the server has no demo users. */
type DemoUsers = User[] | null | undefined;

export function SignIn(props: { notice?: string; onToken: (token: string) => void }) {
  const { notice, onToken } = props;
  const [users, setUsers] = useState<DemoUsers>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [withToken, setWithToken] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let current = true;
    new RestClient(kApi).demoUsers().then(
      (found) => current && setUsers(found),
      (error: Error) => current && setProblem(error.message),
    );
    return () => {
      current = false;
    };
  }, [attempt]);

  async function enterAs(user: User) {
    setBusy(true);
    setProblem(undefined);
    try {
      onToken(await new RestClient(kApi).demoSignIn(user.id));
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  }

  function retry() {
    setProblem(undefined);
    setAttempt((count) => count + 1);
  }

  return (
    <main className="sign-in">
      <div className="sign-in-body">
        <Brand />
        <h1>Come in.</h1>
        {users !== null && !withToken && (
          <p className="sign-in-lead">Pick who you are. Each tab may be somebody else.</p>
        )}
        {(notice ?? problem) !== undefined && (
          <p className="sign-in-problem" role="alert">
            {problem ?? notice}
          </p>
        )}
        {users === undefined && problem !== undefined && (
          <button type="button" className="button primary" onClick={retry}>
            Try again
          </button>
        )}
        {users && !withToken && <Arcade users={users} busy={busy} onPick={enterAs} />}
        {(users === null || withToken) && <TokenForm onToken={onToken} />}
        {users && (
          <button type="button" className="link" onClick={() => setWithToken(!withToken)}>
            {withToken ? "Sign in as a demo user instead" : "Use a token instead"}
          </button>
        )}
      </div>
    </main>
  );
}

/** One arch for each demo user. */
function Arcade(props: { users: User[]; busy: boolean; onPick: (user: User) => void }) {
  return (
    <ul className="arcade">
      {props.users.map((user) => (
        <li key={user.id}>
          <button
            type="button" className="arch" data-testid={`demo-user-${user.id}`} disabled={props.busy}
            onClick={() => props.onPick(user)} aria-label={`Sign in as ${user.name}`}
          >
            <span className="arch-light" aria-hidden="true" />
            <Avatar id={user.id} name={user.name} size="large" />
            <span className="arch-name">{user.name}</span>
            <span className="arch-email">{user.email}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function TokenForm(props: { onToken: (token: string) => void }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const token = text.trim().replace(/^Bearer\s+/i, "");
    if (token === "") return setProblem("Paste a token first.");
    setBusy(true);
    setProblem(undefined);
    try {
      await new RestClient(kApi, token).me();
      props.onToken(token);
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 401;
      setProblem(refused ? "The server does not accept this token." : (error as Error).message);
      setBusy(false);
    }
  }

  return (
    <form className="token-form" onSubmit={submit}>
      <label htmlFor="token">Access token</label>
      <p id="token-help">
        Make one with <code>atrium token --sub alice --name Alice</code>, or take the one your own backend issues.
      </p>
      <textarea
        id="token" data-testid="token-input" rows={4} spellCheck={false} autoComplete="off" autoCapitalize="off" value={text}
        aria-describedby="token-help" aria-invalid={problem !== undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey) void submit(event);
        }}
      />
      {problem !== undefined && (
        <p className="sign-in-problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="button primary" data-testid="token-submit" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}
