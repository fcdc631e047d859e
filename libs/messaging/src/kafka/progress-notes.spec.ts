import { describe, expect, it } from '@jest/globals';
import type { ConsumerProgress, InHand, Place } from '../consumer-progress.js';
import { ProgressNotes } from './progress-notes.js';

const place: Place = { group: 'g', topic: 't', partition: 0 };
const inHand: InHand = { first: 1n, last: 2n, tries: 0 };
const never = <T>() => new Promise<T>(() => undefined);

/** A database that answers as told, and how often it was asked what. */
function database(answers: Partial<ConsumerProgress> = {}) {
  const asked = { left: 0, note: 0, forget: 0 };
  const progress: ConsumerProgress = {
    left: (at) => ((asked.left += 1), answers.left?.(at) ?? Promise.resolve(undefined)),
    note: (at, what) => ((asked.note += 1), answers.note?.(at, what) ?? Promise.resolve()),
    forget: (at) => ((asked.forget += 1), answers.forget?.(at) ?? Promise.resolve()),
  };
  return { asked, notes: new ProgressNotes(progress) };
}

describe('notes of what is in hand', () => {
  it('cost one statement a batch: what was left is asked once', async () => {
    const { asked, notes } = database();
    for (let batch = 0; batch < 5; batch += 1) {
      await notes.left(place);
      await notes.noteBatch(place, inHand);
    }
    expect(asked).toEqual({ left: 1, note: 5, forget: 0 });
  });

  it('hold up one batch and not the next ones where the database does not answer', async () => {
    const { asked, notes } = database({ note: never });
    await notes.left(place);
    for (let batch = 0; batch < 1_000; batch += 1) await notes.noteBatch(place, inHand);
    expect(asked.note).toBe(1);
  });

  it('are not begun where it is unknown what was left: that must not be overwritten', async () => {
    const { asked, notes } = database({ left: never });
    for (let batch = 0; batch < 1_000; batch += 1) {
      expect(await notes.left(place)).toBeUndefined();
      await notes.noteBatch(place, inHand);
    }
    expect(asked).toEqual({ left: 1, note: 0, forget: 0 });
  });

  it('go without where the database is away, and ask again', async () => {
    const away = () => Promise.reject(new Error('away'));
    const { asked, notes } = database({ left: away, note: away });
    expect([await notes.left(place), await notes.left(place)]).toEqual([undefined, undefined]);
    expect(asked.left).toBe(2);
  });

  it('of a suspect are certain: without them its next death would not count', async () => {
    const { notes } = database({ note: () => Promise.reject(new Error('away')) });
    await expect(notes.noteSuspect(place, inHand)).rejects.toThrow('away');
  });

  it('are asked for again when the partitions were dealt anew, but suspects stay', async () => {
    const calm = database();
    await calm.notes.left(place);
    calm.notes.rejoined();
    await calm.notes.left(place);
    expect(calm.asked.left).toBe(2);
    const warned = database({ left: () => Promise.resolve(inHand) });
    await warned.notes.left(place);
    warned.notes.rejoined();
    expect([await warned.notes.left(place), warned.asked.left]).toEqual([inHand, 1]);
  });

  it('are forgotten by who stops: it has not died', async () => {
    const { asked, notes } = database();
    await notes.left(place);
    await notes.noteBatch(place, inHand);
    await notes.forgetAll();
    await notes.forgetAll();
    expect(asked.forget).toBe(1);
  });
});
