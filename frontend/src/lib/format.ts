/** "22 Nov, 14:05", in the page's language; the year only when it isn't this one. */
export function formatMoment(iso: string, language: string, now = new Date()): string {
  const date = new Date(iso);
  const sameYear = date.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
  }).format(date);
}

/** "14:05". */
export function formatTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(
    new Date(iso),
  );
}

/** Seconds between two moments, with one decimal below ten. */
export function secondsBetween(startIso: string, endIso: string): number {
  const seconds = Math.max(0, (Date.parse(endIso) - Date.parse(startIso)) / 1000);
  return seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds);
}
