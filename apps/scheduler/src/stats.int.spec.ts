import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { EmailStatsView, EmailView, QueueView } from '#http';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from './testing/problem-of.js';
import { type RunningScheduler, runScheduler } from './testing/running-scheduler.js';
import { strangers } from './testing/strangers.js';
import { WorkDeliveries } from './testing/work-deliveries.js';

/** Numbers of the queue and of an email say what the rows say. */

let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;
let others: readonly Api[];

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  work = WorkDeliveries.on(database.url);
  api = new Api(scheduler.url);
  others = (await strangers(database.url)).map((headers) => new Api(scheduler.url, headers));
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

const create = async (wish: object = {}) =>
  (await api.post<EmailView>('/v1/emails', { to: 'ada@example.com', subject: 'Hi', text: 'x', ...wish })).body;
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const queue = async (of: Api = api) => (await of.get<QueueView>('/v1/stats/queue')).body;
/** Answers are up to a second old. */
const shows = (numbers: object) => eventually(async () => expect(await queue()).toMatchObject(numbers), 5_000);

describe('the queue', () => {
  it('counts what waits, what is due and what is under way, in both lanes', async () => {
    expect(await queue()).toEqual({
      object: 'queue',
      scheduled: 0,
      due: 0,
      oldestDueAgeSeconds: null,
      queued: 0,
      sending: 0,
      retrying: 0,
      nextDueAt: null,
      perHour: Array.from({ length: 24 }, () => 0),
    });
    const soon = await create({ scheduledAt: inHours(0.5) });
    await create({ scheduledAt: inHours(2.5), class: 'bulk', to: ['a@example.com', 'b@example.com'] });
    await create({ scheduledAt: inHours(48) });
    const paused = await create({ scheduledAt: inHours(3) });
    await api.post(`/v1/emails/${paused.id}/pause`);
    for (let i = 0; i < 4; i += 1) await create();
    await shows({ scheduled: 8, due: 4, nextDueAt: soon.scheduledAt });
    const { perHour, oldestDueAgeSeconds } = await queue();
    expect(perHour).toEqual([1, 0, 2, ...Array.from({ length: 21 }, () => 0)]);
    expect(oldestDueAgeSeconds).toBeLessThan(30);
    const [one, two, three, four] = await work.claim();
    if (!one || !two || !three || !four) throw new Error('nothing was claimed');
    await work.arm([two, three, four]);
    await work.settle([three], 'retry');
    await work.settle([four], 'sent');
    await shows({ scheduled: 5, due: 0, oldestDueAgeSeconds: null, queued: 1, sending: 1, retrying: 1 });
  });

  it('is of one tenant and mode', async () => {
    for (const other of others) expect(await queue(other)).toMatchObject({ scheduled: 0, queued: 0, sending: 0 });
  });

  it('is counted once for all who ask at once', async () => {
    const [first, ...rest] = await Promise.all(Array.from({ length: 20 }, () => queue()));
    for (const answer of rest) expect(answer).toEqual(first);
  });
});

describe('the numbers of an email', () => {
  it('are those of its copies', async () => {
    const email = await create({ to: ['a@example.com', 'b@example.com', 'c@example.com'] });
    const claimed = (await work.claim()).filter(({ emailId }) => emailId === parsePublicId('email', email.id));
    await work.arm(claimed);
    await work.settle(claimed.slice(0, 1), 'sent');
    await work.settle(claimed.slice(1, 2), 'failed');
    const { body } = await api.get<EmailStatsView>(`/v1/emails/${email.id}/stats`);
    expect(body).toEqual({
      object: 'email_stats',
      counts: {
        total: 3,
        scheduled: 0,
        queued: 0,
        sending: 1,
        sent: 1,
        failed: 1,
        unknown: 0,
        cancelled: 0,
        expired: 0,
        suppressed: 0,
      },
      feedback: { delivered: 0, bounced: 0, complained: 0, opened: 0, clicked: 0, unsubscribed: 0 },
      opens: { human: 0, machine: 0, unknown: 0 },
      clicks: { human: 0, machine: 0, unknown: 0 },
      rates: { delivered: null, bounced: null, complained: null },
      checkedAt: expect.stringMatching(/Z$/),
    });
  });

  it('are not found for strangers, wrong prefixes and what does not exist', async () => {
    const email = await create();
    for (const other of others) {
      expect(problemOf(await other.get(`/v1/emails/${email.id}/stats`)).code).toBe('not_found');
    }
    for (const id of [email.deliveries[0]?.id, 'em_00000000000000000000000000', 'nothing']) {
      expect(problemOf(await api.get(`/v1/emails/${id}/stats`)).code).toBe('not_found');
    }
  });
});
