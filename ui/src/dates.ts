// Dates as people read them, in the browser's language and time zone.

const kTime = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const kFull = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const kDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const kDayAndYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

/** The same for two moments of one local day. */
export function dayKey(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

export function timeLabel(at: string): string {
  return kTime.format(new Date(at));
}

export function fullLabel(at: string): string {
  return kFull.format(new Date(at));
}

export function dayLabel(at: string, now: Date): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayKey(at) === dayKey(now.toISOString())) return "Today";
  if (dayKey(at) === dayKey(yesterday.toISOString())) return "Yesterday";
  const date = new Date(at);
  return (date.getFullYear() === now.getFullYear() ? kDay : kDayAndYear).format(date);
}
