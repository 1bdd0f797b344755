import type { Member, Person, ShownStatus, User } from "@atrium/client";
import { Avatar } from "./avatar";
import { CloseIcon } from "./icons";

const kNotes: Record<ShownStatus, string | undefined> = { online: undefined, away: "away", dnd: "do not disturb" };

/** Those offline are there to be found, not to be counted: a long list of them helps nobody. */
const kMostOffline = 40;

export function People(props: {
  online: ReadonlyMap<string, Person>;
  members: readonly Member[];
  me: User;
  /** False while nobody can know who is online. */
  known: boolean;
  hidden: boolean;
  onClose: (() => void) | undefined;
}) {
  const { online, members, me, known, onClose } = props;
  const offline = members.filter(({ id }) => !online.has(id));
  return (
    <aside className="people" id="people" inert={props.hidden} aria-label="People">
      <header className="people-head">
        <h2 className="panel-title">
          Online <span className="panel-count">{known ? online.size : ""}</span>
        </h2>
        {onClose && (
          <button type="button" className="icon-button" aria-label="Close the list of people" onClick={onClose}>
            <CloseIcon />
          </button>
        )}
      </header>
      <ul className={known ? "person-list" : "person-list is-stale"} data-testid="online-list" aria-label="Online">
        {sorted([...online].map(([id, { userName, status }]) => ({ id, name: userName, status })), me).map(
          ({ id, name, status }) => (
            <li key={id} className="person" data-testid={`online-user-${id}`} data-status={status}>
              <Avatar id={id} name={name} size="small" status={status} />
              <span className="person-name">{name}</span>
              <Note text={[id === me.id ? "you" : undefined, kNotes[status]].filter(Boolean).join(", ")} />
            </li>
          ),
        )}
      </ul>
      {known && offline.length > 0 && (
        <>
          <h2 className="panel-title">
            Offline <span className="panel-count">{offline.length}</span>
          </h2>
          <ul className="person-list is-offline" aria-label="Offline">
            {sorted(offline, me).slice(0, kMostOffline).map(({ id, name }) => (
              <li key={id} className="person">
                <Avatar id={id} name={name} size="small" status="offline" />
                <span className="person-name">{name}</span>
              </li>
            ))}
          </ul>
          {offline.length > kMostOffline && <p className="people-rest">and {offline.length - kMostOffline} more</p>}
        </>
      )}
    </aside>
  );
}

function Note({ text }: { text: string }) {
  return text === "" ? null : <span className="person-note">{text}</span>;
}

/** Oneself first, the others by name. */
function sorted<Person extends { id: string; name: string }>(people: readonly Person[], me: User): Person[] {
  const rank = ({ id }: Person) => (id === me.id ? 0 : 1);
  return [...people].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
