import { Temporal } from 'temporal-polyfill';

/** A stretch of time in which a zone's clocks keep one offset. */
interface Stretch {
  /** No later than what was asked for; the change before may be earlier. */
  readonly from: number;
  /** The instant of the next change. */
  readonly until: number;
  readonly offset: number;
}

/**
 * A time zone (IANA) as its clocks go. Offsets are asked of tzdata once for each stretch between two clock changes and
 * kept: a fan-out asks a million times.
 */
export interface Zone {
  /** As tzdata writes it. */
  readonly id: string;
  /** What its clocks are ahead of UTC at an instant, and until when they stay so. */
  stretchAt(at: number): Stretch;
}

const OFFSET = /^[+-]/;
/** Longer than any name in tzdata. */
const MAX_ID = 64;

/** Zones by their names as asked for; what is no zone is not kept, so what strangers send cannot fill it. */
const known = new Map<string, Zone>();

/** The zone of a name, in any case; undefined: there is none. A mere offset is none: it knows no clock changes. */
export function findZone(name: string): Zone | undefined {
  const found = known.get(name);
  if (found) return found;
  const id = idOf(name);
  if (id === undefined) return undefined;
  const zone = known.get(id) ?? new TzdataZone(id);
  known.set(id, zone);
  return zone;
}

export const isZone = (name: string): boolean => findZone(name) !== undefined;

/** Throws for what is no zone: names are checked where they come in. */
export function zoneOf(name: string): Zone {
  const zone = findZone(name);
  if (!zone) throw new Error('a time zone that nobody checked');
  return zone;
}

function idOf(name: string): string | undefined {
  if (name.length > MAX_ID || OFFSET.test(name)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const FOREVER = Number.MAX_SAFE_INTEGER;

class TzdataZone implements Zone {
  /** One for each clock change that ends it, from the earliest instant asked for. */
  private stretches: Stretch[] = [];
  private last: Stretch = { from: 0, until: 0, offset: 0 };

  constructor(readonly id: string) {}

  stretchAt(at: number): Stretch {
    if (at >= this.last.from && at < this.last.until) return this.last;
    this.last = this.stretches.find(({ from, until }) => at >= from && at < until) ?? this.learn(at);
    return this.last;
  }

  /** Only the next change is looked for: where clocks never change, the one before may be a hundred years ago. */
  private learn(at: number): Stretch {
    const there = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(this.id);
    const until = there.getTimeZoneTransition('next')?.epochMilliseconds ?? FOREVER;
    const stretch = { from: Math.floor(at), until, offset: there.offsetNanoseconds / 1e6 };
    this.stretches = [...this.stretches.filter((other) => other.until !== until), stretch];
    return stretch;
  }
}

/** The zone of those who have none. */
export const UTC = 'UTC';

export interface ZoneChoice {
  readonly timeZone: string;
  /** Names before it that are no zones: they are counted, and stop nobody. */
  readonly bad: number;
}

/** The first of several names that is a zone, else UTC: contact, email, tenant (semantics 5). */
export function chooseZone(names: readonly (string | null | undefined)[]): ZoneChoice {
  let bad = 0;
  for (const name of names) {
    if (name === null || name === undefined || name === '') continue;
    const zone = findZone(name);
    if (zone) return { timeZone: zone.id, bad };
    bad += 1;
  }
  return { timeZone: UTC, bad };
}
