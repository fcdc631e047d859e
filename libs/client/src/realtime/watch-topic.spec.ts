import { describe, expect, it } from '@jest/globals';
import { MailtideError } from '../rest/mailtide-error.js';
import type { Opened, Source, Update } from './live-event.js';
import { watchTopic } from './watch-topic.js';

const broken = () => MailtideError.unreachable('http://mail.test', 'gone');
const refused = (code: string) => new MailtideError({ code, status: 404, detail: 'no' });

const snapshot = (at: number): Update => ({ kind: 'snapshot', snapshot: {}, cursor: `c_${at}`, gap: false });
const event = (at: number, replay = false): Update => ({
  kind: 'event',
  event: { id: `evt_${at}`, type: 'delivery.sent', topic: 'tenant', cursor: `c_${at}`, time: '', data: {}, replay },
});

/** Brings these, then breaks; each call has its own script, the last one goes on for ever. */
function scripted(...scripts: (readonly (Update | Opened)[] | MailtideError)[]) {
  const asked: (string | undefined)[] = [];
  const source: Source = async function* (_topic, since, signal) {
    asked.push(since);
    const script = scripts[asked.length - 1] ?? [];
    if (script instanceof MailtideError) throw script;
    yield* script;
    if (asked.length < scripts.length) throw broken();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  };
  return { asked, source };
}

async function take(count: number, sources: readonly Source[], since?: string): Promise<string[]> {
  const taken: string[] = [];
  for await (const update of watchTopic('tenant', sources, { since })) {
    taken.push(update.kind === 'snapshot' ? 'snapshot' : update.event.id);
    if (taken.length === count) break;
  }
  return taken;
}

describe('watching a topic', () => {
  it('goes on from the last cursor after a break', async () => {
    const { source, asked } = scripted([snapshot(1), event(2)], [event(3)]);
    expect(await take(3, [source])).toEqual(['snapshot', 'evt_2', 'evt_3']);
    expect(asked).toEqual([undefined, 'c_2']);
  });

  it('says when a connection works and when it does not, and that a silent one works', async () => {
    const { source } = scripted([snapshot(1)], [{ kind: 'opened' }], [event(2)]);
    const said: boolean[] = [];
    const onConnection = (isConnected: boolean) => void said.push(isConnected);
    const updates = watchTopic('tenant', [source], { onConnection });
    await updates.next();
    await updates.next();
    expect(said).toEqual([true, false, true, false, true]);
  });

  it('begins where it is told to', async () => {
    const { source, asked } = scripted([event(3)]);
    expect(await take(1, [source], 'c_2')).toEqual(['evt_3']);
    expect(asked).toEqual(['c_2']);
  });

  it('tells no event twice', async () => {
    const { source } = scripted([event(2), event(2), event(3)], [event(2, true), event(3, true), event(4)]);
    expect(await take(3, [source])).toEqual(['evt_2', 'evt_3', 'evt_4']);
  });

  it('falls back to the next source when one brings nothing, and goes on there from the same cursor', async () => {
    const first = scripted([event(1)], broken());
    const second = scripted([event(2)]);
    expect(await take(2, [first.source, second.source])).toEqual(['evt_1', 'evt_2']);
    expect([first.asked, second.asked]).toEqual([[undefined, 'c_1'], ['c_1']]);
  });

  it('comes back to the first source when the others bring nothing', async () => {
    const first = scripted([event(1)], broken(), [event(2)]);
    const second = scripted(broken(), []);
    expect(await take(2, [first.source, second.source])).toEqual(['evt_1', 'evt_2']);
  });

  it('goes on with the next source when one ends by itself', async () => {
    const once: Source = async function* () {
      yield event(1);
    };
    expect(await take(2, [once, scripted([event(2)]).source])).toEqual(['evt_1', 'evt_2']);
  });

  it('asks one that refuses never again', async () => {
    const first = scripted(refused('not_found'), [event(9)]);
    const second = scripted([event(1)], [event(2)]);
    expect(await take(2, [first.source, second.source])).toEqual(['evt_1', 'evt_2']);
    expect(first.asked).toHaveLength(1);
  });

  it('fails when all refuse', async () => {
    const sources = [refused('not_found'), refused('unauthorized')].map((error) => scripted(error).source);
    await expect(take(1, sources)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('fails when none has ever worked', async () => {
    const dead = scripted(broken(), broken(), broken());
    await expect(take(1, [dead.source, dead.source])).rejects.toMatchObject({ code: 'unreachable' });
    expect(dead.asked).toHaveLength(2);
  });

  it('passes bugs on', async () => {
    const buggy: Source = async function* () {
      yield event(1);
      throw new TypeError('a bug');
    };
    await expect(take(2, [buggy])).rejects.toThrow('a bug');
  });
});
