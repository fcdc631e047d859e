import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmailView, ListView } from '#http';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import type { ScheduledView } from './schedule.view.js';

/** The first system's calls, to the letter (interface 6, S0). */

const SEED = { recipients: ['a@x.test'], subject: 'Hi', body: 'Hello', deliveryTime: '2027-01-05T09:00:00Z' };

let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  work = WorkDeliveries.on(database.url);
  api = new Api(scheduler.url);
});
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

const schedule = (body: object = {}) => api.post<ScheduledView>('/schedule', { ...SEED, ...body });
const canonical = async (id: string) => (await api.get<EmailView>(`/v1/emails/${id}`)).body;

describe('the four calls', () => {
  it('POST /schedule, GET /emails, PUT and DELETE /emails/{id}', async () => {
    const made = await schedule();
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^em_[0-9a-z]{26}$/),
      recipients: ['a@x.test'],
      subject: 'Hi',
      body: 'Hello',
      deliveryTime: '2027-01-05T09:00:00.000Z',
      scheduledAt: '2027-01-05T09:00:00.000Z',
      status: 'scheduled',
      total: 1,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
    expect(made.headers.get('link')).toBe(`</v1/emails/${made.body.id}>; rel="alternate"`);

    const list = await api.get<ListView<ScheduledView>>('/emails');
    expect(list.body).toEqual({
      object: 'list',
      data: [made.body],
      hasMore: false,
      nextCursor: null,
      prevCursor: null,
    });

    const edited = await api.call<ScheduledView>('PUT', `/emails/${made.body.id}`, {
      body: '<p>Ho</p>',
      deliveryTime: '2027-01-06T09:00:00Z',
    });
    expect(edited).toMatchObject({
      status: 200,
      body: { ...SEED, body: '<p>Ho</p>', deliveryTime: '2027-01-06T09:00:00.000Z' },
    });
    expect(await canonical(made.body.id)).toMatchObject({ html: '<p>Ho</p>', text: null, version: 2 });

    const gone = await api.call<ScheduledView>('DELETE', `/emails/${made.body.id}`);
    expect(gone).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect((await api.call('DELETE', `/emails/${made.body.id}`)).body).toEqual(gone.body);
    expect(problemOf(await api.call('PUT', `/emails/${made.body.id}`, { subject: 'x' }))).toMatchObject({
      status: 409,
      code: 'already_finished',
    });
  });

  it('DELETE is partial when a copy had gone', async () => {
    const { body: made } = await schedule({ recipients: 'a@x.test,b@x.test', deliveryTime: new Date().toISOString() });
    const [first] = await work.claim();
    if (!first) throw new Error('nothing was claimed');
    await work.arm([first]);
    await work.settle([first], 'sent');
    expect((await api.call('DELETE', `/emails/${made.id}`)).body).toMatchObject({ status: 'partial', total: 2 });
  });
});

describe('what the seed meant', () => {
  it('recipients may be one text with commas; each gets a private copy', async () => {
    const { body } = await schedule({ recipients: 'a@x.test, "B, C" <b@x.test>,,c@x.test ' });
    expect(body).toMatchObject({ recipients: ['a@x.test', '"B, C" <b@x.test>', 'c@x.test'], total: 3 });
    expect(await canonical(body.id)).toMatchObject({ visibility: 'individual', messageId: null });
  });

  it.each<[string, object, object]>([
    ['to', { recipients: undefined, to: ['b@x.test'] }, { to: ['b@x.test'] }],
    ['recipient', { recipients: undefined, recipient: 'b@x.test' }, { to: ['b@x.test'] }],
    [
      'scheduledAt',
      { deliveryTime: undefined, scheduledAt: '2027-01-05T09:00:00Z' },
      { scheduledAt: '2027-01-05T09:00:00.000Z' },
    ],
    [
      'sendAt',
      { deliveryTime: undefined, sendAt: '2027-01-05T09:00:00Z' },
      { scheduledAt: '2027-01-05T09:00:00.000Z' },
    ],
    [
      'a local deliveryTime and its timeZone',
      { deliveryTime: '2027-01-05T09:00', timeZone: 'Europe/Berlin' },
      { scheduledAt: '2027-01-05T08:00:00.000Z', schedule: { local: '2027-01-05T09:00', timeZone: 'Europe/Berlin' } },
    ],
    ['userId as a number', { userId: 7 }, { ownerId: '7' }],
    ['user_id', { user_id: 'u7' }, { ownerId: 'u7' }],
    ['two names that agree', { sendAt: '2027-01-05T10:00:00+01:00', to: 'a@x.test' }, { to: ['a@x.test'] }],
    ['a field it does not know', { priority: 'high' }, { subject: 'Hi' }],
  ])('%s is understood', async (_what, wish, expected) => {
    const { status, body } = await schedule(wish);
    expect(status).toBe(201);
    expect(await canonical(body.id)).toMatchObject(expected);
  });

  it.each<[string, string, boolean | undefined, 'text' | 'html']>([
    ['plain', 'Hello', undefined, 'text'],
    ['a less-than sign', '1 < 2 and 3 > 2', undefined, 'text'],
    ['a line break tag', 'a<br>b', undefined, 'text'],
    ['a closing tag', '<p>Hi</p>', undefined, 'html'],
    ['a document', '  <!DOCTYPE html><title>x', undefined, 'html'],
    ['an html element', '<HTML lang=en>', undefined, 'html'],
    ['plain, said to be HTML', 'Hello', true, 'html'],
    ['HTML, said to be plain', '<p>Hi</p>', false, 'text'],
  ])('a body that is %s', async (_what, body, isHtml, field) => {
    const made = await schedule({ body, isHtml });
    expect(await canonical(made.body.id)).toMatchObject({ text: null, html: null, [field]: body });
  });

  it('a status in any case, and pending for scheduled', async () => {
    for (const status of ['pending', 'Scheduled', 'PENDING']) {
      const { body } = await api.get<ListView<ScheduledView>>(`/emails?status=${status}&limit=3`);
      expect(body.data.map((email) => email.status)).toEqual(['scheduled', 'scheduled', 'scheduled']);
    }
    const { body } = await api.get<ListView<ScheduledView>>('/emails?status=sent');
    expect(body.data.map((email) => email.status)).toEqual(['partial']);
    expect(problemOf(await api.get('/emails?status=gone')).errors).toEqual(['?status unknown_value']);
  });
});

describe('what is wrong is said in the names that the seed uses', () => {
  it.each<[string, object, string[]]>([
    [
      'nothing',
      { recipients: undefined, subject: undefined, body: undefined, deliveryTime: undefined },
      ['/recipients required', '/deliveryTime required', '/subject required', '/body required'],
    ],
    ['no time', { deliveryTime: undefined }, ['/deliveryTime required']],
    ['no recipients', { recipients: ' , ' }, ['/recipients too_short']],
    ['an empty body', { body: '' }, ['/body required']],
    ['a bad address', { recipients: 'a@x.test,b' }, ['/recipients/1 bad_address']],
    ['a header in a name', { recipients: ['A\r\nBcc: e@x.test <a@x.test>'] }, ['/recipients/0 injection']],
    [
      '51 recipients',
      { recipients: Array.from({ length: 51 }, (_, i) => `u${i}@x.test`).join(',') },
      ['/recipients too_many'],
    ],
    ['a time without zone', { deliveryTime: '2027-01-05T09:00:00' }, ['/deliveryTime time_without_zone']],
    ['a zone that is none', { deliveryTime: '2027-01-05T09:00', timeZone: 'Mars' }, ['/timeZone bad_time_zone']],
    ['a local time that is past', { deliveryTime: '2020-01-05T09:00', timeZone: 'UTC' }, ['/deliveryTime in_past']],
    ['a past time', { deliveryTime: '2020-01-05T09:00:00Z' }, ['/deliveryTime in_past']],
    ['two recipients that disagree', { to: 'b@x.test' }, ['/to conflict']],
    ['two times that disagree', { sendAt: '2027-01-05T09:00:01Z' }, ['/sendAt conflict']],
    ['two users that disagree', { userId: 1, user_id: 2 }, ['/user_id conflict']],
    ['a text as isHtml', { isHtml: 'yes' }, ['/isHtml bad_type']],
  ])('%s', async (_what, wrong, errors) => {
    expect(problemOf(await schedule(wrong))).toEqual({ status: 422, code: 'validation_failed', errors });
  });

  it('in an edit, too', async () => {
    const { body } = await schedule();
    const put = (patch: object) => api.call('PUT', `/emails/${body.id}`, patch);
    expect(problemOf(await put({ recipients: [] })).errors).toEqual(['/recipients too_short']);
    expect(problemOf(await put({ body: '' })).errors).toEqual(['/body required']);
    expect(problemOf(await put({ deliveryTime: '2020-01-05T09:00:00Z' })).errors).toEqual(['/deliveryTime in_past']);
  });
});
