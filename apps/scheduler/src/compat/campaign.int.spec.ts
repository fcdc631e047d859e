import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CampaignView } from '#http';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';

/** Another system's campaign call, to the letter (interface 6, S1). */

let scheduler: RunningScheduler;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  api = new Api(scheduler.url);
}, 60_000);
afterAll(() => scheduler.stop());

const SEED = {
  userId: 7,
  subject: 'Hi',
  body: 'Hello',
  startTime: '2027-01-05T09:00:00Z',
  delaySeconds: 2,
  hourlyLimit: 100,
  recipients: ['a@x.test', 'b@x.test', 'nobody'],
};
const send = (body: object = {}) =>
  api.post<{ campaignId: string; jobId: string }>('/api/v1/email/campaign', { ...SEED, ...body });

it('becomes a campaign with its job; who cannot be mailed is left out', async () => {
  const made = await send();
  expect(made).toMatchObject({ status: 202, body: { total: 2, status: 'scheduled' } });
  expect(made.headers.get('link')).toBe(`</v1/campaigns/${made.body.campaignId}>; rel="alternate"`);
  const { body } = await api.get<CampaignView>(`/v1/campaigns/${made.body.campaignId}`);
  expect(body).toMatchObject({
    ownerId: '7',
    rejected: 1,
    pacing: { delaySeconds: 2, hourlyLimit: 100 },
    text: 'Hello',
  });
});

it('starts now when its time is past', async () => {
  expect((await send({ startTime: '2020-01-05T09:00:00Z' })).body).toMatchObject({ status: 'running' });
});

it.each([
  ['to', ['a@x.test', 'b@x.test']],
  ['recipient', [{ email: 'a@x.test' }]],
  ['recipient', 'a@x.test'],
])('takes recipients as %s', async (name, who) => {
  const made = await send({ recipients: undefined, [name]: who });
  expect(made).toMatchObject({ status: 202, body: { total: Array.isArray(who) ? who.length : 1 } });
});

it('takes several in one text', async () => {
  const made = await send({ recipients: '"Lovelace, Ada" <a@x.test>, b@x.test; c@x.test, nobody' });
  expect(made).toMatchObject({ status: 202, body: { total: 3 } });
  const { body } = await api.get<CampaignView>(`/v1/campaigns/${made.body.campaignId}`);
  expect(body.rejected).toBe(1);
});

it.each([
  ['no limit at all', { hourlyLimit: 0 }, ['/hourlyLimit out_of_range']],
  ['a delay below zero', { delaySeconds: -1 }, ['/delaySeconds out_of_range']],
  ['a text that smuggles', { recipients: '"a\r\nBcc: e@x.test" <a@x.test>' }, ['/recipients/0 injection']],
  ['no recipients', { recipients: undefined }, ['/recipients required']],
  ['recipients that disagree', { to: ['c@x.test'] }, ['/to conflict']],
  ['too many recipients', { recipients: undefined, to: Array(10_001).fill('a@x.test') }, ['/to too_many']],
  ['two users that disagree', { user_id: 8 }, ['/user_id conflict']],
])('refuses %s', async (_what, wrong, errors) => {
  expect(problemOf(await send(wrong))).toEqual({ status: 422, code: 'validation_failed', errors });
});
