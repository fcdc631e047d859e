import type { LiveEvent } from '../live-event.js';

/** Events of one subscription that were left out: a replay from `from` has them. */
export interface Skipped {
  readonly topic: string | null;
  readonly count: number;
  /** The cursor of the first one. */
  readonly from: string;
  /** The cursor of the last one. */
  readonly to: string;
}

/** Makes the event `events.skipped`. */
export type SayWhatWasSkipped = (skipped: Skipped) => LiveEvent;

/** One more event that is left out. */
export const skip = (before: Skipped | undefined, { topic, cursor }: LiveEvent): Skipped => ({
  topic,
  count: (before?.count ?? 0) + 1,
  from: before?.from ?? cursor,
  to: cursor,
});

/** What may be left out where there is too much: each is one fact of many, and the counters tell them, too. */
export const isSkippable = ({ type }: LiveEvent): boolean => type.startsWith('delivery.');

/** The job that a progress event is about; undefined: it is another event. A later one says all that an earlier one said. */
export const jobInProgress = ({ type, data }: LiveEvent): string | undefined =>
  type === 'job.progress' ? jobOf(data) : undefined;

/** The job that has come to its end with this event. */
export const jobCompleted = ({ type, data }: LiveEvent): string | undefined =>
  type === 'job.completed' ? jobOf(data) : undefined;

const jobOf = (data: unknown): string => (data as { readonly jobId: string }).jobId;
