import { describe, expect, it } from '@jest/globals';
import { DeliveryQueue } from './delivery-queue.js';
import { aDelivery } from './testing/claimed-delivery.js';

const bulk = (count: number) => Array.from({ length: count }, () => aDelivery({ lane: 'bulk' }));
const urgent = (count: number) => Array.from({ length: count }, () => aDelivery());
const idsOf = (deliveries: readonly { id: string }[]) => new Set(deliveries.map(({ id }) => id));
const turns = () => new Promise((resolve) => setImmediate(resolve));
/** Whether a promise is still waiting after everything that could run has run. */
async function isWaiting(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await turns();
  return !done;
}

describe('the order of work', () => {
  it('transactional mail goes first, each lane in its order', async () => {
    const queue = new DeliveryQueue(10);
    const [b1, b2] = bulk(2);
    const [t1, t2] = urgent(2);
    if (!b1 || !b2 || !t1 || !t2) throw new Error('too few');
    queue.add([b1, t1]);
    queue.add([b2, t2]);
    const order = [await queue.next(), await queue.next(), await queue.next(), await queue.next()];
    expect(order).toEqual([t1, t2, b1, b2]);
  });

  it('bulk may hold four fifths of the workers; the rest waits for transactional mail', async () => {
    const queue = new DeliveryQueue(10);
    queue.add(bulk(20));
    const held = await Promise.all(Array.from({ length: 8 }, () => queue.next()));
    const ninth = queue.next();
    expect(await isWaiting(ninth)).toBe(true);
    const [mail] = urgent(1);
    if (!mail || !held[0]) throw new Error('too few');
    queue.add([mail]);
    expect(await ninth).toBe(mail);
    const tenth = queue.next();
    expect(await isWaiting(tenth)).toBe(true);
    queue.done(held[0]);
    expect((await tenth)?.lane).toBe('bulk');
  });

  it('bulk that gave way comes back by itself, though nothing comes and nothing is done', async () => {
    const queue = new DeliveryQueue(10);
    const late = aDelivery({ loadedMs: 10_000, dueMs: 0, waitedSeconds: 10 });
    queue.add([...bulk(3), late]);
    expect(await queue.next()).toBe(late);
    expect((await queue.next())?.lane).toBe('bulk');
    // An eighth of eight is one; a second later it is two.
    expect((await queue.next())?.lane).toBe('bulk');
  });

  it('bulk is not shut out where there is one worker', async () => {
    const queue = new DeliveryQueue(1);
    queue.add(bulk(1));
    expect(await isWaiting(queue.next())).toBe(false);
  });
});

describe('attachments', () => {
  const attached = (sizeBytes: number) =>
    aDelivery({ attachments: [{ filename: 'a', contentType: 'a/b', contentId: null, sizeBytes }] });

  it('at work are bounded: a big one waits, and smaller ones go before it', async () => {
    const queue = new DeliveryQueue(10);
    const [first, second, third, small] = [attached(30e6), attached(30e6), attached(5e6), aDelivery()];
    queue.add([first, second, third, small]);
    expect([await queue.next(), await queue.next(), await queue.next()]).toEqual([first, third, small]);
    const waits = queue.next();
    expect(await isWaiting(waits)).toBe(true);
    queue.done(first);
    expect(await waits).toBe(second);
  });

  it('that are too big for any bound go alone', async () => {
    const queue = new DeliveryQueue(10);
    const huge = attached(100e6);
    queue.add([huge]);
    expect(await queue.next()).toBe(huge);
  });
});

describe('room', () => {
  it('ends at 2,000 in a lane and is there again when half of them are gone', async () => {
    const queue = new DeliveryQueue(5_000);
    queue.add(urgent(2_000));
    const room = queue.hasRoom('transactional');
    for (let taken = 0; taken < 1_000; taken += 1) await queue.next();
    expect(await isWaiting(room)).toBe(true);
    await queue.next();
    expect(await room).toBe(true);
  });

  it('in one lane does not depend on the other: bulk that piles up stops no transactional mail', async () => {
    const queue = new DeliveryQueue(2);
    queue.add(bulk(5_000));
    expect(await isWaiting(queue.hasRoom('bulk'))).toBe(true);
    expect(await isWaiting(queue.hasRoom('transactional'))).toBe(false);
  });

  it('ends where the bodies in memory grow too big, however few they are', async () => {
    const queue = new DeliveryQueue(2);
    queue.add(Array.from({ length: 40 }, () => aDelivery({ html: 'x'.repeat(524_288), text: 'x'.repeat(524_288) })));
    const room = queue.hasRoom('transactional');
    expect(await isWaiting(room)).toBe(true);
    for (let taken = 0; taken < 25; taken += 1) await queue.next();
    expect(await room).toBe(true);
  });

  it('is there again when what waits was lost to somebody else', async () => {
    const queue = new DeliveryQueue(2);
    const waiting = bulk(2_000);
    queue.add(waiting);
    const room = queue.hasRoom('bulk');
    expect(await isWaiting(room)).toBe(true);
    queue.drop(new Set(waiting));
    expect(await isWaiting(room)).toBe(false);
    expect(queue.waiting).toBe(0);
  });
});

describe('what is in hand', () => {
  it('is held from loading until its end, so that its grant is renewed', async () => {
    const queue = new DeliveryQueue(10);
    const deliveries = [...urgent(2), ...bulk(2)];
    queue.add(deliveries);
    const first = await queue.next();
    expect(idsOf(queue.held)).toEqual(idsOf(deliveries));
    if (first) queue.done(first);
    expect(queue.held).toHaveLength(3);
  });

  it('under two epochs is held twice: the end of the old one does not let go of the new one', async () => {
    const queue = new DeliveryQueue(10);
    const old = aDelivery();
    const edited = { ...old, epoch: 3 };
    queue.add([old, edited]);
    await queue.next();
    await queue.next();
    queue.done(old);
    expect(queue.held).toEqual([edited]);
    expect(queue.atWork).toBe(1);
  });

  it('and lost under its old epoch is kept under the new one, which came while the grants were asked for', () => {
    const queue = new DeliveryQueue(10);
    const old = aDelivery();
    const edited = { ...old, epoch: 3 };
    queue.add([old, edited]);
    queue.drop(new Set([old]));
    expect(queue.held).toEqual([edited]);
  });

  it('comes back when the process stops, and nothing more is taken', async () => {
    const queue = new DeliveryQueue(1);
    const deliveries = bulk(2_001);
    queue.add(deliveries);
    await queue.next();
    const [worker, room] = [queue.next(), queue.hasRoom('bulk')];
    expect(queue.close()).toEqual(deliveries.slice(1));
    expect(await worker).toBeUndefined();
    expect(await room).toBe(false);
    expect(queue.add(urgent(1))).toBe(false);
    expect(await queue.next()).toBeUndefined();
    expect(queue.close()).toEqual([]);
    expect(queue.atWork).toBe(1);
  });
});
