import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiAnswer, type Mailtide, startMailtide } from '#testing';
import { queryRows } from '../delivery-states.js';

const AT_ONCE = 200;
/** Each kill finds requests in every state; the first of them is likely to find some that were stored and not answered. */
const KILLS = 15;

interface Created {
  readonly id: string;
  readonly subject: string;
}

describe('a scheduler that is killed between storing an email and answering', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn' } });
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  const create = (key: string): Promise<ApiAnswer<Created>> => {
    const wish = { to: 'ada@x.test', subject: key, text: 'x', scheduledAt: '2099-01-01T00:00:00Z' };
    return mailtide.api.call<Created>('POST', '/v1/emails', wish, { 'idempotency-key': key });
  };

  /** The keys of which no answer came. It dies with its first answer: what was stored with that is about to be answered, too. */
  const killedWhileCreating = async (keys: readonly string[]): Promise<string[]> => {
    const creating = keys.map(async (key) => {
      const answer = await create(key).catch(() => undefined);
      if (answer) void mailtide.app('scheduler').end('SIGKILL');
      return answer ? [] : [key];
    });
    const unanswered = (await Promise.all(creating)).flat();
    await mailtide.app('scheduler').end('SIGKILL');
    await mailtide.app('scheduler').start();
    return unanswered;
  };

  it('gives the repeated request the answer it had stored, and stores nothing twice', async () => {
    let storedUnanswered = 0;
    for (let round = 0; round < KILLS && storedUnanswered === 0; round += 1) {
      const keys = Array.from({ length: AT_ONCE }, (_, i) => `round-${round}-${i}`);
      const unanswered = await killedWhileCreating(keys);
      const stored = new Set((await emailsOf(round)).map(({ subject }) => subject));
      const lost = unanswered.filter((key) => stored.has(key));
      storedUnanswered += lost.length;

      const again = await Promise.all(keys.map(create));
      expect(new Set(again.map(({ status }) => status))).toEqual(new Set([202]));
      const emails = new Map((await emailsOf(round)).map(({ subject, id }) => [subject, id]));
      expect(emails.size).toBe(AT_ONCE);
      expect(await emailsOf(round)).toHaveLength(AT_ONCE);
      for (const key of lost) {
        const answer = again[keys.indexOf(key)];
        expect(answer?.headers.get('idempotency-replayed')).toBe('true');
        expect(answer?.body.subject).toBe(key);
      }
    }
    expect(storedUnanswered).toBeGreaterThan(0);
  }, 240_000);

  const emailsOf = (round: number): Promise<{ id: string; subject: string }[]> =>
    queryRows(mailtide, `select id, subject from emails where subject like 'round-' || $1::int || '-%'`, [round]);
});
