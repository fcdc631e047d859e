import { describe, expect, it } from '@jest/globals';
import { event, progress, sent } from './pace/events.js';
import { PaperClient } from '../testing/paper-wire.js';
import { VirtualTimers } from '../testing/virtual-timers.js';

function stuckClient() {
  const timers = new VirtualTimers();
  const client = new PaperClient(timers, () => {}, 1);
  client.reads = false;
  const tell = (each: ReturnType<typeof sent>) => {
    if (client.listener.admits(each)) client.note(each);
  };
  tell(event('email.created', 1)); // full from here on
  return { timers, client, tell };
}

describe('one who reads too slowly', () => {
  it('loses deliveries, is told so, and has the last progress when it has caught up', () => {
    const { client, tell } = stuckClient();
    for (const each of [sent(2), progress(3), sent(4), event('email.updated', 5), progress(6)]) tell(each);
    expect(client.ids).toEqual(['evt_1']);
    client.readAll();
    client.reads = true;
    client.listener.look();
    expect(client.ids).toEqual(['evt_1', 'skipped', 'evt_5', 'evt_6']);
    expect(client.sent[1]?.data).toEqual({ count: 2, from: 'c_2', to: 'c_4' });
    tell(sent(7));
    expect(client.ids.at(-1)).toBe('evt_7');
    expect(client.listener.isWatched).toBe(false);
  });

  it('is cut off after 10 seconds', () => {
    const { client, timers, tell } = stuckClient();
    tell(sent(2));
    timers.pass(10_000);
    client.listener.look();
    expect(client.isCut).toBe(false);
    timers.pass(1);
    client.listener.look();
    expect(client.isCut).toBe(true);
    expect(client.listener.isGone).toBe(true);
  });

  it('is cut off when more waits than may be kept', () => {
    const { client, tell } = stuckClient();
    for (let n = 2; n <= 501; n += 1) tell(event('email.created', n));
    expect(client.isCut).toBe(false);
    tell(event('email.created', 502));
    expect(client.isCut).toBe(true);
  });

  it('is waited for', async () => {
    const { client } = stuckClient();
    const ready = client.listener.ready();
    client.readAll();
    client.listener.look();
    expect(await ready).toBe(true);
  });

  it('is not waited for when it is gone', async () => {
    const { client } = stuckClient();
    const ready = client.listener.ready();
    client.listener.leave();
    expect(await ready).toBe(false);
    expect(await client.listener.ready()).toBe(false);
  });
});

it('asks are done one after another, also behind one that failed', async () => {
  const { client } = stuckClient();
  const done: number[] = [];
  const first = client.listener.inTurn(async () => {
    await Promise.resolve();
    done.push(1);
    throw new Error('first');
  });
  const second = client.listener.inTurn(async () => done.push(2));
  await expect(first).rejects.toThrow('first');
  await second;
  expect(done).toEqual([1, 2]);
});
