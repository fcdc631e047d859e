import type { LiveEvent } from '../live-event.js';
import { isSkippable, jobCompleted, jobInProgress, type SayWhatWasSkipped, skip, type Skipped } from './skipped.js';

export interface BacklogLimits {
  /** Of `delivery.*`; more are left out, and that is said. */
  readonly deliveries: number;
  /** Of everything else; with more, whoever they are for must begin again. */
  readonly others: number;
}

/**
 * What is kept for somebody who cannot be told just now. It loses `delivery.*` first and says how many; of the progress of
 * a job it keeps the newest; it loses nothing else.
 */
export class Backlog {
  private readonly kept = new Map<string, LiveEvent>();
  private readonly skipped = new Map<string, Skipped>();
  /** How often jobs have come to their end: the progress before an end is not replaced by that of a retry behind it. */
  private readonly ends = new Map<string, number>();
  private deliveries = 0;

  constructor(
    private readonly limits: BacklogLimits,
    private readonly say: SayWhatWasSkipped,
  ) {}

  add(event: LiveEvent): void {
    if (event.type === 'events.skipped') this.addSkipped(event);
    else if (isSkippable(event)) this.addDelivery(event);
    else this.keep(this.keyOf(event), event);
  }

  /** More than may be left out was too much. */
  get isOverfull(): boolean {
    return this.kept.size - this.deliveries - this.skipped.size > this.limits.others;
  }

  /** Leaves an event out that is told in another way; true: it was here. */
  forget(event: Pick<LiveEvent, 'id' | 'topic' | 'type'>): boolean {
    const isHere = this.kept.delete(`${event.topic} ${event.id}`);
    if (isHere && event.type.startsWith('delivery.')) this.deliveries -= 1;
    return isHere;
  }

  /** All that is kept, in order. What was left out is said where the first of it would have been. */
  drain(): readonly LiveEvent[] {
    const events = [...this.kept].map(([key, event]) => {
      const skipped = this.skipped.get(key);
      return skipped ? this.say(skipped) : event;
    });
    this.kept.clear();
    this.skipped.clear();
    this.ends.clear();
    this.deliveries = 0;
    return events;
  }

  private addDelivery(event: LiveEvent): void {
    const key = `${event.topic} ${event.id}`;
    if (this.kept.has(key)) return;
    if (this.deliveries < this.limits.deliveries) {
      this.deliveries += 1;
      this.keep(key, event);
    } else this.noteSkipped(event, skip(this.skipped.get(skippedKey(event)), event));
  }

  private addSkipped(event: LiveEvent): void {
    const { count, from, to } = event.data as Skipped;
    const before = this.skipped.get(skippedKey(event));
    const all = { topic: event.topic, count: count + (before?.count ?? 0), from: before?.from ?? from, to };
    this.noteSkipped(event, all);
  }

  private noteSkipped(event: LiveEvent, skipped: Skipped): void {
    const key = skippedKey(event);
    this.skipped.set(key, skipped);
    this.kept.set(key, event); // its place stays that of the first
  }

  private keep(key: string, event: LiveEvent): void {
    this.kept.delete(key); // its place is that of the last
    this.kept.set(key, event);
  }

  private keyOf(event: LiveEvent): string {
    const [job, ended] = [jobInProgress(event), jobCompleted(event)];
    if (ended !== undefined) this.ends.set(ended, (this.ends.get(ended) ?? 0) + 1);
    if (job === undefined) return `${event.topic} ${event.id}`;
    return `${event.topic} ${job} ${this.ends.get(job) ?? 0}`;
  }
}

const skippedKey = ({ topic }: LiveEvent): string => `${topic} skipped`;
