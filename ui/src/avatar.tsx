import type { ShownStatus } from "@atrium/client";

const kTones = 8;

/** Users keep their colour everywhere: it comes from their id. */
function toneOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return hash % kTones;
}

function initialsOf(name: string): string {
  const words = name.trim().split(/[\s._-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

/** A person in a niche. Decoration: name and status stand beside it. */
export function Avatar(props: { id: string; name: string; status?: ShownStatus | "offline"; size?: "small" | "large" }) {
  const { id, name, status, size } = props;
  const presence = status === undefined ? "" : ` is-${status}`;
  return (
    <span className={`avatar tone-${toneOf(id)}${size ? ` ${size}` : ""}${presence}`} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
