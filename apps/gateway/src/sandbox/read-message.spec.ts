import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { SMTPServerDataStream } from 'smtp-server';
import { BodyBudget } from '#http';
import { readMessage } from './read-message.js';

const KIB = 1_024;
const piece = Buffer.alloc(KIB, 'x');

function aStream(): SMTPServerDataStream {
  const stream = new PassThrough() as unknown as SMTPServerDataStream;
  stream.sizeExceeded = false;
  return stream;
}

/** A message of so many KiB, in pieces of 1 KiB. */
function message(kib: number): SMTPServerDataStream {
  const stream = aStream();
  for (let count = 0; count < kib; count += 1) stream.write(piece);
  stream.end();
  return stream;
}

/** Whether nothing of a budget is taken. */
const isWhole = (budget: BodyBudget, bytes: number): boolean => {
  const giveBack = budget.take(bytes);
  giveBack?.();
  return giveBack !== undefined;
};

describe('a message', () => {
  it('comes whole, in however many pieces, and holds its bytes until they are given back', async () => {
    const budget = new BodyBudget(1_024 * KIB);
    const read = await readMessage(message(1_000), budget);
    if (read.kind !== 'whole') throw new Error(read.kind);
    expect(read.raw.equals(Buffer.alloc(1_000 * KIB, 'x'))).toBe(true);
    expect(budget.take(100 * KIB)).toBeUndefined();
    read.giveBack();
    expect(isWhole(budget, 1_024 * KIB)).toBe(true);
  });

  it('that finds no room is read to its end and forgotten at once', async () => {
    const budget = new BodyBudget(64 * KIB);
    const stream = message(100);
    expect(await readMessage(stream, budget)).toEqual({ kind: 'no_room' });
    expect(stream.readableEnded).toBe(true);
    expect(isWhole(budget, 64 * KIB)).toBe(true);
  });

  it('shares the room with the others', async () => {
    const budget = new BodyBudget(64 * KIB);
    const first = await readMessage(message(40), budget);
    expect(await readMessage(message(40), budget)).toEqual({ kind: 'no_room' });
    if (first.kind === 'whole') first.giveBack();
    expect(await readMessage(message(40), budget)).toMatchObject({ kind: 'whole' });
  });

  it('that is too large holds nothing', async () => {
    const budget = new BodyBudget(64 * KIB);
    const stream = message(10);
    stream.sizeExceeded = true;
    expect(await readMessage(stream, budget)).toEqual({ kind: 'too_large' });
    expect(isWhole(budget, 64 * KIB)).toBe(true);
  });

  it('whose client goes away holds nothing', async () => {
    const budget = new BodyBudget(64 * KIB);
    const stream = aStream();
    stream.write(piece);
    const reading = readMessage(stream, budget);
    stream.destroy(new Error('gone'));
    expect(await reading).toEqual({ kind: 'gone' });
    expect(isWhole(budget, 64 * KIB)).toBe(true);
  });
});
