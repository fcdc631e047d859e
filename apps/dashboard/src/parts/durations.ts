const UNITS = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3_600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const;

/** `45 s`, `3 min 20 s`, `2 h 5 min`: the two largest units, which is as much as one wants to know. */
export function durationInWords(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1_000));
  const parts = UNITS.map(({ seconds, name }) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return { count, name };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first === -1) return '0 s';
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return shown.map(({ count, name }) => `${count} ${name}`).join(' ');
}

/** When something is expected, from now: `in 45 s`; what should have been is `any moment`. */
export function untilInWords(instant: string, nowMs: number): string {
  const ms = Date.parse(instant) - nowMs;
  return ms < 1_000 ? 'any moment' : `in ${durationInWords(ms)}`;
}

/** `12 Nov 2026, 09:00:03`, in the zone of whoever looks. */
export const instantInWords = (instant: string): string =>
  new Date(instant).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
