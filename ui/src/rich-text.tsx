import type { ReactNode } from "react";

export interface TextPart {
  readonly kind: "text" | "link" | "code";
  readonly text: string;
}

// Alternatives in the order tried: `code` on one line, an http(s) address up to white space.
const kMarks = /`([^`\n]+)`|\bhttps?:\/\/[^\s<>"`]+/g;

/** Splits plain text at addresses and at `code`; the parts, marks taken off, are the text again. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(kMarks)) {
    const [whole, code] = match;
    const shown = code === undefined ? withoutPunctuation(whole) : whole;
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push(code === undefined ? { kind: "link", text: shown } : { kind: "code", text: code });
    end = match.index + shown.length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

/** The full stop after an address ends the sentence; a bracket belongs to it only where it was opened in it. */
function withoutPunctuation(address: string): string {
  const shorter = address.replace(/[.,;:!?'"]+$/, "");
  if (shorter.endsWith(")") && !shorter.includes("(")) return withoutPunctuation(shorter.slice(0, -1));
  return shorter;
}

export function RichText({ text }: { text: string }): ReactNode {
  return textParts(text).map((part, index) => {
    if (part.kind === "code") return <code key={index}>{part.text}</code>;
    if (part.kind === "text") return part.text;
    return (
      <a key={index} href={part.text} target="_blank" rel="noopener noreferrer">
        {part.text}
      </a>
    );
  });
}
