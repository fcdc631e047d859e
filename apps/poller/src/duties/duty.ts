/** Work that one poller does at a time, each by a row of its own in `duties`. */
export const DUTY_NAMES = [
  'relay',
  'reclaim',
  'cancels',
  'sweeps',
  'deferred',
  'ambiguous',
  'misfire',
  'zones',
  'topics',
  'retention',
] as const;
export type DutyName = (typeof DUTY_NAMES)[number];

export interface Duty {
  readonly name: DutyName;
  /** One pass; answers how many milliseconds to wait before the next. */
  readonly pass: () => Promise<number>;
  /** Told of a pass that threw; answers how long to wait before it is tried again. */
  readonly onError: (error: unknown) => number;
}
