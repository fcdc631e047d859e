import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answers, paperApi, refusal } from '../testing/paper-api.js';

const counts = { total: 0, scheduled: 0, queued: 0, sending: 0 };
const campaign = { object: 'campaign', id: 'cmp_1', jobId: 'job_1', status: 'completed', expanding: false, counts };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailtide-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file with this content; its path. */
async function fileOf(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

let close: (() => void) | undefined;
afterEach(() => close?.());

async function api(answers: Answers) {
  const made = await paperApi(answers);
  ({ close } = made);
  return { ...made, whats: () => made.asked.map(({ what }) => what) };
}

describe('the id of a campaign', () => {
  const cancellation = { cancelled: 1, alreadySent: 0, inFlight: 0 };

  it.each([
    [['get', 'cmp_1'], 'GET /v1/campaigns/cmp_1'],
    [['pause', 'cmp_1'], 'POST /v1/campaigns/cmp_1/pause'],
    [['resume', 'cmp_1'], 'POST /v1/campaigns/cmp_1/resume'],
    [['cancel', 'cmp_1'], 'POST /v1/campaigns/cmp_1/cancel'],
  ])('is understood by %j', async (words, what) => {
    const answer = { ...campaign, cancellation };
    const { run, whats } = await api({ [what]: answer });
    expect(await run(...words)).toEqual({ status: 0, values: [answer], problem: undefined });
    expect(whats()).toEqual([what]);
  });

  it('is understood by timeline', async () => {
    const event = { type: 'email.created' };
    const { run } = await api({ 'GET /v1/campaigns/cmp_1/events': { data: [event], hasMore: false } });
    expect(await run('timeline', 'cmp_1')).toMatchObject({ status: 0, values: [[event]] });
  });

  it.each([['watch'], ['campaign', 'watch']])('is understood by %s', async (...words) => {
    const { run } = await api({ 'GET /v1/campaigns/cmp_1': campaign });
    expect(await run(...words, 'cmp_1')).toMatchObject({ status: 0, values: [campaign] });
  });
});

describe('the plan of a campaign', () => {
  const plan = { object: 'plan', buckets: [], badTimeZones: 0 };
  const PLAN = 'POST /v1/campaigns/plan';
  const planned = async (list: string, content: string) => {
    const { run, asked } = await api({ [PLAN]: plan });
    const wish = await fileOf('wish.json', '{"subject":"Hi","recipients":["a@x.test"]}');
    const ran = await run('campaign', 'plan', '-f', wish, '--recipients', await fileOf(list, content));
    return { ran, sent: asked.map(({ body }) => JSON.parse(body) as unknown) };
  };

  it('has the rows of a CSV', async () => {
    const csv =
      '\ufeffEmail,name,timeZone,plan\r\nada@x.test,"Ada, L.",Europe/Berlin,pro\r\n\r\nbob@x.test,too,few\r\n';
    const { ran, sent } = await planned('list.csv', csv);
    expect(ran).toMatchObject({ status: 0, values: [plan] });
    const ada = { to: 'ada@x.test', name: 'Ada, L.', timeZone: 'Europe/Berlin', data: { plan: 'pro' } };
    expect(sent).toEqual([{ subject: 'Hi', recipients: ['a@x.test', ada, 'bob@x.test,too,few'] }]);
  });

  it('has the lines of JSON', async () => {
    const { sent } = await planned(
      'list.ndjson',
      '"ada@x.test"\n\n{"email":"bob@x.test","data":{"a":1}}\n{"nobody":1}\nno JSON',
    );
    const bob = { to: 'bob@x.test', data: { a: 1 } };
    expect(sent).toMatchObject([{ recipients: ['a@x.test', 'ada@x.test', bob, '{"nobody":1}', 'no JSON'] }]);
  });

  it.each([
    ['more than a plan takes', `to\n${'a@x.test\n'.repeat(10_001)}`, /has more than 10000 recipients/],
    ['a quote that nobody closes', 'to\n"a@x.test\n', /is no CSV: Quote Not Closed/],
    ['no column of addresses', 'name\nAda\n', /names no column `to` or `email`/],
  ])('is not asked for when the file has %s', async (_what, content, detail) => {
    const { ran, sent } = await planned('list.csv', content);
    expect(ran).toMatchObject({ status: 2, problem: { code: 'usage', detail: expect.stringMatching(detail) } });
    expect(sent).toEqual([]);
  });
});

describe('a campaign that is created with a file', () => {
  const CREATE = 'POST /v1/campaigns';
  const UPLOAD = 'POST /v1/campaigns/cmp_1/recipients';
  const START = 'POST /v1/campaigns/cmp_1/start';
  const DELETE = 'DELETE /v1/campaigns/cmp_1';
  const refused = refusal(422, 'validation_failed', 'no column `to`.');
  const uploaded = { accepted: 1, merged: 0, rejected: 0, badTimeZones: 0, total: 1 };
  const create = async (answers: Answers, list?: string) => {
    const { run, whats } = await api({ [CREATE]: campaign, ...answers });
    const wish = await fileOf('wish.json', '{"subject":"Hi"}');
    const path = list ?? (await fileOf('list.csv', 'to\na@x.test\n'));
    return { ran: await run('campaign', 'create', '-f', wish, '--recipients', path), whats: whats() };
  };

  it('is a draft, its recipients, its start', async () => {
    const { ran, whats } = await create({ [UPLOAD]: uploaded, [START]: campaign });
    expect(ran).toMatchObject({ status: 0, values: [campaign] });
    expect(whats).toEqual([CREATE, UPLOAD, START]);
  });

  it.each(['nowhere.csv', '.'])('is not when "%s" cannot be read', async (name) => {
    const { ran, whats } = await create({}, join(folder, name));
    expect(ran).toMatchObject({
      status: 2,
      problem: { code: 'usage', detail: expect.stringMatching(/cannot be read \(E/) },
    });
    expect(whats).toEqual([]);
  });

  it('leaves no draft behind when the file is refused', async () => {
    const { ran, whats } = await create({ [UPLOAD]: refused, [DELETE]: {} });
    expect(ran).toMatchObject({ status: 1, problem: { code: 'validation_failed', detail: 'no column `to`.' } });
    expect(whats).toEqual([CREATE, UPLOAD, DELETE]);
  });

  it.each([
    ['the draft cannot be deleted', { [UPLOAD]: refused }, 'validation_failed'],
    ['it cannot be started', { [UPLOAD]: uploaded, [START]: refusal(409, 'state_conflict', 'No.') }, 'state_conflict'],
  ])('names the draft when %s', async (_what, answers, code) => {
    const { ran, whats } = await create(answers);
    expect(ran).toMatchObject({
      status: 1,
      problem: { code, detail: expect.stringContaining('The draft cmp_1 is left.') },
    });
    expect(whats.length).toBe(3);
  });
});
