import { Brand } from "./brand";

export function Unreachable(props: { reason: string; onRetry: () => void; onSignOut: () => void }) {
  return (
    <main className="sign-in">
      <div className="sign-in-body">
        <Brand />
        <h1>Nobody answers</h1>
        <p className="sign-in-lead">{props.reason}.</p>
        <div className="sign-in-actions">
          <button type="button" className="button primary" onClick={props.onRetry}>
            Try again
          </button>
          <button type="button" className="button quiet" onClick={props.onSignOut}>
            Sign out
          </button>
        </div>
      </div>
    </main>
  );
}
