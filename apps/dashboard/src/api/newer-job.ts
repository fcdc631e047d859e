import type { Job } from '#client';
import type { JobWait } from './job-wait.js';

/** A job as events tell it: without its links, its name and what it waits for, which only answers say. */
export type JobFact = Omit<Job, 'links' | 'name' | 'waitingFor'> & {
  /** Of a campaign; null: it has none. */
  readonly name?: string | null | undefined;
  readonly waitingFor?: readonly JobWait[] | undefined;
};

/** Numbers never go back: of two accounts of a job the one that says more, `told` where they are equal. */
export function newerJob(known: JobFact | undefined, told: JobFact): JobFact {
  if (known === undefined) return told;
  return isOlder(told, known) ? withAnswered(known, told) : withAnswered(told, known);
}

/** What only answers say holds on while events are told. */
function withAnswered(newer: JobFact, older: JobFact): JobFact {
  const name = newer.name === undefined ? older.name : newer.name;
  const waitingFor = newer.waitingFor ?? stillWaits(newer, older);
  return name === newer.name && waitingFor === newer.waitingFor ? newer : { ...newer, name, waitingFor };
}

/** A wait holds to its end, whatever else moves; a delay between two copies comes again after each. */
function stillWaits(newer: JobFact, { version, waitingFor }: JobFact): JobFact['waitingFor'] {
  if (newer.status !== 'running' || newer.version !== version) return undefined;
  const movedMs = Date.parse(newer.lastActivityAt);
  const isOver = ({ reason, until }: JobWait) => reason !== 'delay' && until && Date.parse(until) < movedMs;
  return waitingFor?.filter((wait) => !isOver(wait));
}

function isOlder(one: JobFact, other: JobFact): boolean {
  if (one.version !== other.version) return one.version < other.version;
  if (one.lastActivityAt !== other.lastActivityAt) return one.lastActivityAt < other.lastActivityAt;
  return doneOf(one) < doneOf(other);
}

/** How much there is to do: also the copies that are not made yet. */
export const allOf = ({ total, expected }: Pick<JobFact, 'total' | 'expected'>): number => Math.max(total, expected);

/** Copies or rows that have come to an end. */
export const doneOf = ({ counts, rows }: Pick<JobFact, 'counts' | 'rows'>): number =>
  counts ? counts.total - counts.scheduled - counts.queued - counts.sending : (rows?.done ?? 0);
