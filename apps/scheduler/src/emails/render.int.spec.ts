import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmailView } from '#http';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';

/** Placeholders in the content of an email: what cannot be rendered is not accepted (interface 3.1). */

let scheduler: RunningScheduler;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  api = new Api(scheduler.url);
});
afterAll(() => scheduler.stop());

const WISH = {
  to: 'ada@example.com',
  subject: 'Hi {{ user.name }}',
  text: '{{ points | plus: 1 }}',
  render: 'liquid',
  data: { user: { name: 'Ada' }, points: 3 },
  scheduledAt: '2090-01-05T09:00:00Z',
};
const post = (fields: object) => api.post<EmailView>('/v1/emails', { ...WISH, ...fields });
const patch = ({ id }: EmailView, fields: object) => api.call<EmailView>('PATCH', `/v1/emails/${id}`, fields);
const invalid = (...errors: string[]) => ({ status: 422, code: 'validation_failed', errors });

describe('an email with placeholders', () => {
  it('is accepted with all that they need', async () => {
    expect((await post({})).status).toBe(202);
    expect((await post({ data: undefined, subject: 'Hi', text: 'no placeholders' })).status).toBe(202);
    expect((await post({ render: 'none', data: undefined })).body).toMatchObject({ subject: 'Hi {{ user.name }}' });
  });

  it.each([
    [{ data: { user: {}, points: 3 } }, '/data/user/name missing_variable'],
    [{ data: undefined }, '/data/user missing_variable'],
    [{ html: '<p>{{ nothing }}</p>' }, '/data/nothing missing_variable'],
    [{ text: '{{ points' }, '/text bad_template'],
    [{ text: '{% include "x" %}' }, '/text bad_template'],
    [{ text: '{% for i in (1..1000000000) %}x{% endfor %}' }, '/text bad_template'],
    [{ data: { ...WISH.data, user: { name: 'x\r\nBcc: eve@example.com' } } }, '/subject injection'],
    [{ data: { ...WISH.data, user: { name: 'x'.repeat(1_000) } } }, '/subject too_long'],
    [{ data: { ...WISH.data, more: 'x'.repeat(17_000) } }, '/data too_long'],
    [{ data: [1] }, '/data bad_type'],
    [{ render: 'none' }, '/data conflict'],
    [{ render: 'mustache' }, '/render unknown_value'],
  ])('is refused: %j', async (fields, error) => {
    expect(problemOf(await post(fields))).toEqual(invalid(error));
  });

  it('is refused in a batch, at its place', async () => {
    const { data: _, ...without } = WISH;
    const answer = await api.post('/v1/emails/batch', { emails: [WISH, without] });
    expect(problemOf(answer)).toEqual(invalid('/emails/1/data/user missing_variable'));
  });

  it('is edited with the data that it has, or with others', async () => {
    const email = (await post({})).body;
    expect((await patch(email, { text: '{{ user.name }}' })).status).toBe(200);
    expect(problemOf(await patch(email, { text: '{{ plan }}' }))).toEqual(invalid('/data/plan missing_variable'));
    expect((await patch(email, { text: '{{ plan }}', data: { ...WISH.data, plan: 'pro' } })).body.version).toBe(3);
    expect((await patch(email, { data: { ...WISH.data, plan: 'pro' } })).body.version).toBe(3);
    expect((await patch(email, { render: 'none' })).body).toMatchObject({ version: 4, text: '{{ plan }}' });
    expect(problemOf(await patch(email, { render: 'liquid' }))).toEqual(invalid('/data/user missing_variable'));
  });
});
