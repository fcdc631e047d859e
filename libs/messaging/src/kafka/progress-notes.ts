import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerProgress, InHand, Place } from '../consumer-progress.js';

/** Many times what a healthy database takes. Later than that a note still arrives, and nobody waits for it. */
const NOTE_MS = 50;
/** A suspect that is missed kills once more, so this is worth a wait, once an assignment. */
const READ_MS = 1_000;

/** The notes of one consumer: asked once a partition what its last owner died of, never waiting long for the answer. */
export class ProgressNotes {
  private readonly asked = new Map<string, InHand | undefined>();
  private readonly noted = new Map<string, Place>();
  private readonly asking = new Set<string>();
  private readonly noting = new Set<string>();

  constructor(private readonly progress: ConsumerProgress) {}

  /** What a process died of may be in the partitions that come with a new assignment. */
  rejoined(): void {
    for (const [key, left] of this.asked) if (!left) this.asked.delete(key);
  }

  /** What to be careful with; undefined too while the database does not say. */
  async left(place: Place): Promise<InHand | undefined> {
    const key = keyOf(place);
    if (!this.asked.has(key) && !this.asking.has(key)) {
      this.asking.add(key);
      const asking = this.progress.left(place).then((left) => void this.asked.set(key, left));
      await within(
        READ_MS,
        asking.finally(() => this.asking.delete(key)),
      );
    }
    return this.asked.get(key);
  }

  /** Notes a batch. A database that is slow or away goes without: a sender can do nothing then anyway. */
  async noteBatch(place: Place, inHand: InHand): Promise<void> {
    const key = keyOf(place);
    // Unasked: the note of a dead process would be lost. Under way: one that comes late must not replace a newer one.
    if (!this.asked.has(key) || this.noting.has(key)) return;
    this.noting.add(key);
    this.noted.set(key, place);
    await within(
      NOTE_MS,
      this.progress.note(place, inHand).finally(() => this.noting.delete(key)),
    );
  }

  /** Notes a suspect. Throws where the database is away: without its note its next death would not count. */
  async noteSuspect(place: Place, inHand: InHand): Promise<void> {
    this.noted.set(keyOf(place), place);
    await this.progress.note(place, inHand);
  }

  /** The suspects of a partition are all behind it. */
  async cleared(place: Place): Promise<void> {
    this.asked.set(keyOf(place), undefined);
    await within(NOTE_MS, this.progress.forget(place)); // what stays is of offsets that are committed
  }

  /** Nothing is in hand any more: whoever stops has not died. */
  async forgetAll(): Promise<void> {
    const places = [...this.noted.values()];
    this.noted.clear();
    await within(READ_MS, Promise.all(places.map((place) => this.progress.forget(place))));
  }
}

/** Waits for work that may fail or be late without harm. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const late = pause(ms, undefined, { ref: false, signal: done.signal }).catch(() => undefined);
  await Promise.race([work.catch(() => undefined), late]);
  done.abort();
}

const keyOf = ({ topic, partition }: Place): string => `${topic} ${partition}`;
