import type { LiveEvent } from '../live-event.js';
import { isSkippable, jobCompleted, jobInProgress, type SayWhatWasSkipped, skip, type Skipped } from './skipped.js';

/** Between two `job.progress` of a job: at most 4 a second. */
const PROGRESS_MS = 250;
const MAX_DELIVERIES = 200;
const PER_MS = 1_000;

interface JobPace {
  readonly toldAt: number;
  /** In order; of several progress events in a row only the last. */
  readonly waiting: readonly LiveEvent[];
}

/**
 * How fast a topic tells: `job.progress` at most 4 times a second for each job, always the newest, and its end after it;
 * `delivery.*` at most 200 in any second, and `events.skipped` for the rest. Everything else at once. Instants are
 * milliseconds of any clock that never goes back.
 */
export class Pacer {
  private readonly jobs = new Map<string, JobPace>();
  /** When the last 200 deliveries were told, oldest first, beginning at `oldest`. */
  private readonly told: number[] = [];
  private oldest = 0;
  private skipped: Skipped | undefined;
  private sayAt = 0;

  constructor(private readonly say: SayWhatWasSkipped) {}

  /** What to tell now that this has happened. */
  take(event: LiveEvent, now: number): readonly LiveEvent[] {
    const job = jobInProgress(event) ?? jobCompleted(event);
    if (job !== undefined) return this.takeOfJob(job, event, now);
    if (!isSkippable(event) || this.mayTell(now)) return [event];
    if (!this.skipped) this.sayAt = now + PER_MS;
    this.skipped = skip(this.skipped, event);
    return [];
  }

  /** What has waited long enough. */
  due(now: number): readonly LiveEvent[] {
    const events: LiveEvent[] = [];
    for (const [job, pace] of this.jobs) {
      if (now - pace.toldAt < PROGRESS_MS) continue;
      if (pace.waiting.length === 0) this.jobs.delete(job);
      else events.push(...this.tellOfJob(job, pace.waiting, now));
    }
    if (now >= this.sayAt) events.push(...this.whatWasSkipped());
    return events;
  }

  /** What was left out and has not been said yet: before somebody joins who has not missed it. */
  whatWasSkipped(): readonly LiveEvent[] {
    const { skipped } = this;
    this.skipped = undefined;
    return skipped ? [this.say(skipped)] : [];
  }

  /** Whether `due` will have something to do. */
  get isWaiting(): boolean {
    return this.skipped !== undefined || this.jobs.size > 0;
  }

  private takeOfJob(job: string, event: LiveEvent, now: number): readonly LiveEvent[] {
    const pace = this.jobs.get(job);
    const waiting = followedBy(pace?.waiting ?? [], event);
    if (pace && now - pace.toldAt < PROGRESS_MS) {
      this.jobs.set(job, { ...pace, waiting });
      return [];
    }
    return this.tellOfJob(job, waiting, now);
  }

  /** One progress event, and the end when it follows; what comes behind waits again. */
  private tellOfJob(job: string, waiting: readonly LiveEvent[], now: number): readonly LiveEvent[] {
    const second = waiting.findIndex((event, index) => index > 0 && jobInProgress(event) !== undefined);
    const count = second < 0 ? waiting.length : second;
    this.jobs.set(job, { toldAt: now, waiting: waiting.slice(count) });
    return waiting.slice(0, count);
  }

  private mayTell(now: number): boolean {
    if (this.told.length < MAX_DELIVERIES) {
      this.told.push(now);
      return true;
    }
    if (now - (this.told[this.oldest] ?? now) < PER_MS) return false;
    this.told[this.oldest] = now;
    this.oldest = (this.oldest + 1) % MAX_DELIVERIES;
    return true;
  }
}

const followedBy = (waiting: readonly LiveEvent[], event: LiveEvent): readonly LiveEvent[] => {
  const last = waiting.at(-1);
  const replaces = last && jobInProgress(last) !== undefined && jobInProgress(event) !== undefined;
  return [...(replaces ? waiting.slice(0, -1) : waiting), event];
};
