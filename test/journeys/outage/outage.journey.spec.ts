import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, type Mailtide, startMailtide } from '#testing';
import { queryRows } from '../delivery-states.js';

/** What one email of this journey wants. */
interface Wish {
  readonly to: string;
  readonly graceSeconds?: number;
  readonly onMissed?: 'hold';
  readonly expiresAt?: string;
}

/** Pollers and senders are away for so long after everything was due. */
const OUTAGE_MS = 5_000;

describe('an outage of all pollers and senders', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn' } });
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  const schedule = async (dueAt: number, wish: Wish): Promise<string> => {
    const body = { subject: 'late', text: 'late', scheduledAt: new Date(dueAt).toISOString(), ...wish };
    const answer = await mailtide.api.post<{ id: string }>('/v1/emails', body);
    if (answer.status !== 202) throw new Error(`refused: ${answer.text}`);
    return answer.body.id;
  };
  const fates = async (): Promise<Record<string, string>> => {
    const rows = await queryRows<{ address: string; fate: string }>(
      mailtide,
      `select address, concat_ws(' ', status, reason) as fate from deliveries`,
    );
    return Object.fromEntries(rows.map(({ address, fate }) => [address, fate]));
  };

  it('sends late what still makes sense, and ends or holds what came too late', async () => {
    const dueAt = Date.now() + 4_000;
    const expiresAt = new Date(dueAt + 2_000).toISOString();
    await schedule(dueAt, { to: 'patient@x.test' });
    await schedule(dueAt, { to: 'missed@x.test', graceSeconds: 1 });
    const held = await schedule(dueAt, { to: 'held@x.test', graceSeconds: 1, onMissed: 'hold' });
    await schedule(dueAt, { to: 'expired@x.test', expiresAt });
    await Promise.all([mailtide.app('poller').end('SIGKILL'), mailtide.app('sender').end('SIGKILL')]);
    await pause(Math.max(0, dueAt - Date.now()) + OUTAGE_MS); // the outage itself: nothing can be waited for
    await Promise.all([mailtide.app('poller').start(), mailtide.app('sender').start()]);

    const expected = {
      'patient@x.test': 'sent',
      'missed@x.test': 'expired missed',
      'held@x.test': 'scheduled missed',
      'expired@x.test': 'expired expires_at_passed',
    };
    await eventually(async () => expect(await fates()).toEqual(expected), 60_000);
    expect(await mailtide.inbox.stats()).toMatchObject({ accepted: 1 });

    const sendNow = await mailtide.api.post(`/v1/emails/${held}/send-now`, {});
    expect(sendNow.status).toBe(200);
    await eventually(async () => expect((await fates())['held@x.test']).toBe('sent'), 30_000);
    expect(await mailtide.inbox.stats()).toMatchObject({ accepted: 2 });
  }, 180_000);
});
