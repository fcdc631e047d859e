import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readEvents, type StreamEvent } from './read-events.js';

const streamOf = (chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

async function eventsIn(...chunks: (string | Uint8Array)[]): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk));
  for await (const event of readEvents(streamOf(bytes))) events.push(event);
  return events;
}

describe('a text/event-stream', () => {
  it('has events with a type and data', async () => {
    expect(await eventsIn('event: a\nid: 1\ndata: x\n\ndata: y\n\n')).toEqual([
      { type: 'a', data: 'x' },
      { type: 'message', data: 'y' },
    ]);
  });

  it('has data of several lines', async () => {
    expect(await eventsIn('data: x\ndata:y\ndata:  z\n\n')).toEqual([{ type: 'message', data: 'x\ny\n z' }]);
  });

  it('has comments and unknown fields, which say nothing', async () => {
    expect(await eventsIn(': still here\n\nretry: 5\n\nunknown\n\n')).toEqual([]);
  });

  it('does not tell what was cut off', async () => {
    expect(await eventsIn('data: x\n\ndata: y\n')).toEqual([{ type: 'message', data: 'x' }]);
  });

  it('may hold line separators that only JavaScript knows', async () => {
    const data = JSON.stringify('a\u2028b\u2029c');
    expect(await eventsIn(`data: ${data}\n\n`)).toEqual([{ type: 'message', data }]);
  });

  it('reads the same however it is cut into chunks', async () => {
    const event = fc.record({
      type: fc.stringMatching(/^[a-z.]{1,12}$/),
      data: fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => JSON.stringify(text)),
      end: fc.constantFrom('\n', '\r\n'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 5 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        async (events, cuts) => {
          const text = events
            .map(({ type, data, end }) => `event: ${type}${end}data: ${data}${end}${end}`)
            .join(': x\n\n');
          const bytes = new TextEncoder().encode(text);
          const at = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
          const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
          expect(await eventsIn(...chunks)).toEqual(events.map(({ type, data }) => ({ type, data })));
        },
      ),
    );
  });

  it('reads the same at every single boundary, also inside a character and a line end', async () => {
    const bytes = new TextEncoder().encode('event: a\r\ndata: "ä€😀"\r\n\r\ndata: y\n\n');
    const whole = await eventsIn(bytes);
    expect(whole).toHaveLength(2);
    for (let at = 1; at < bytes.length; at += 1)
      expect(await eventsIn(bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole);
  });

  it('ends when it is silent for too long', async () => {
    const silent = new ReadableStream<Uint8Array>();
    const events: StreamEvent[] = [];
    for await (const event of readEvents(silent, 20)) events.push(event);
    expect(events).toEqual([]);
  });
});
