import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId, type TenantId } from '#domain';
import type { CampaignView, DeliveryView, ListView } from '#http';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import type { RejectedView } from './rejected.schema.js';
import { UploadRecipients } from './upload-recipients.js';

/** Campaigns over HTTP (interface 3.3): created, filled, steered and told of truthfully. */

const CONTENT = { subject: 'Hi', text: 'It works' };
const LATER = { scheduledAt: '2027-06-01T09:00:00Z' };

let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  work = WorkDeliveries.on(database.url);
  api = new Api(scheduler.url);
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

const create = (body: object = {}) => api.post<CampaignView>('/v1/campaigns', { ...CONTENT, ...body });
const draft = async () => (await create({ draft: true })).body;
const read = async (id: string) => (await api.get<CampaignView>(`/v1/campaigns/${id}`)).body;
const act = (id: string, action: string) =>
  api.post<CampaignView & { cancellation?: object }>(`/v1/campaigns/${id}/${action}`);
const upload = (id: string, body: string, type = 'text/csv', headers: Record<string, string> = {}) =>
  api.raw<{ accepted: number; merged: number; rejected: number; total: number }>(
    'POST',
    `/v1/campaigns/${id}/recipients`,
    { body, headers: { 'content-type': type, ...headers } },
  );
const rejected = async (id: string) =>
  (await api.get<ListView<RejectedView>>(`/v1/campaigns/${id}/rejected`)).body.data;
/** All its copies are made. */
const expanded = (id: string) =>
  eventually(async () => {
    const campaign = await read(id);
    if (campaign.expanding) throw new Error('it is still expanding');
    return campaign;
  }, 10_000);
const addresses = (count: number) => Array.from({ length: count }, (_, i) => `user-${i}@example.com`);

const sql = async (text: string, campaignId: string) =>
  (await work.db.query({ name: '', text, values: [parsePublicId('campaign', campaignId)] })).rows;

/** Two chunks of rows. */
const rowsOf = (who: string) => Array.from({ length: 4_000 }, (_, i) => `${who}-${i}@x.test\n`).join('');

/** An upload whose rows come when its test says so. */
function startUpload(id: string, rows: string, headers: Record<string, string> = {}) {
  const { readable, writable } = new TransformStream<Uint8Array>();
  const writer = writable.getWriter();
  const write = (text: string) => void writer.write(Buffer.from(text)).catch(() => {});
  const answer = fetch(`${scheduler.url}/v1/campaigns/${id}/recipients`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', ...headers },
    body: readable,
    duplex: 'half',
  });
  write(`to\n${rows}`);
  const end = () => {
    void writer.close().catch(() => {});
    return answer;
  };
  return { write, end };
}

/** The status of a request over a connection that is kept. */
const requestOver = (
  agent: Agent,
  { method, url, type, body }: { method: string; url: string; type: string; body?: string | undefined },
) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request(url, { method, agent, timeout: 3_000, headers: body ? { 'content-type': type } : {} });
    sent.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode)));
    sent.on('timeout', () => sent.destroy(new Error(`${method} got no answer`)));
    sent.on('error', reject);
    sent.end(body);
  });

/** So many rows of an upload are stored, accepted or not. */
const storedRows = (id: string, count: number, who = '') =>
  eventually(async () => {
    const text = `select count(*)::int from campaign_recipients where email_id = $1 and address like '${who}%'`;
    const [stored] = await sql(text, id);
    if (Number(stored?.['count']) < count) throw new Error(`${String(stored?.['count'])} rows are stored`);
  }, 10_000);

describe('a campaign with recipients', () => {
  it('starts by itself: each address gets one copy, and who cannot be mailed is listed', async () => {
    const recipients = [
      'ada@example.com',
      { to: 'Bob <bob@example.com>', timeZone: 'Mars/Olympus', data: { code: 7 } },
      { to: 'ADA@example.com', timeZone: '+01:00' },
      'nobody',
      { to: 'eve@example', name: 'Eve' },
    ];
    const made = await create({ name: 'spring', recipients, ...LATER });
    expect(made.status).toBe(202);
    expect(made.headers.get('location')).toBe(`/v1/campaigns/${made.body.id}`);
    expect(made.body).toMatchObject({
      object: 'campaign',
      status: 'scheduled',
      name: 'spring',
      merged: 1,
      rejected: 2,
      badTimeZones: 1,
    });
    expect(made.body).not.toHaveProperty('to');
    const campaign = await expanded(made.body.id);
    expect(campaign.counts).toMatchObject({ total: 2, scheduled: 2 });
    expect(campaign.jobId?.slice(4)).toBe(campaign.id.slice(4));
    expect(await rejected(campaign.id)).toEqual([
      { row: 4, value: 'nobody', code: 'bad_address' },
      { row: 5, value: 'eve@example', code: 'bad_address' },
    ]);
    const { body } = await api.get<ListView<DeliveryView>>(`/v1/campaigns/${campaign.id}/deliveries`);
    expect(body.data.map(({ to, lane }) => [to, lane])).toEqual([
      ['ada@example.com', 'bulk'],
      ['Bob <bob@example.com>', 'bulk'],
    ]);
  });

  it('of whom nobody is left is completed at once', async () => {
    const { body } = await create({ recipients: ['nobody'] });
    expect(body).toMatchObject({ status: 'completed', rejected: 1, counts: { total: 0 } });
  });

  it('runs when it is due', async () => {
    const { body } = await create({ recipients: ['ada@example.com'] });
    expect(body.status).toBe('running');
  });

  it('is the same under its key', async () => {
    const send = () =>
      api.call<CampaignView>(
        'POST',
        '/v1/campaigns',
        { ...CONTENT, recipients: ['a@x.test'], ...LATER },
        { 'idempotency-key': 'one' },
      );
    const [first, again] = [await send(), await send()];
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });
});

describe('a draft', () => {
  it('takes CSV and NDJSON, merges doubles over uploads, and goes when it is started', async () => {
    const { id, status } = await draft();
    expect(status).toBe('draft');
    const csv =
      'email,name,timeZone,city\nada@example.com,Ada,Europe/Berlin,Berlin\nbob@example.com,,Nowhere,\nrubbish,,,\n';
    expect((await upload(id, csv)).body).toEqual({ accepted: 2, merged: 0, rejected: 1, badTimeZones: 1, total: 2 });
    const lines =
      '{"to":"ADA@example.com"}\n{"to":"BOB@example.com","timeZone":"Nowhere"}\n{"email":"eve@example.com","data":{"city":"Rome"}}\nno json\n"dan@example.com"\n';
    expect((await upload(id, lines, 'application/x-ndjson')).body).toEqual({
      accepted: 2,
      merged: 2,
      rejected: 1,
      badTimeZones: 0,
      total: 4,
    });
    expect((await rejected(id)).map(({ row, code }) => [row, code])).toEqual([
      [3, 'bad_address'],
      [4, 'bad_format'],
    ]);
    const started = await act(id, 'start');
    expect(started).toMatchObject({ status: 200, body: { status: 'running', version: 2 } });
    expect((await act(id, 'start')).status).toBe(200);
    expect(await expanded(id)).toMatchObject({ badTimeZones: 1, counts: { total: 4 } });
    expect(problemOf(await upload(id, 'to\nx@x.test\n'))).toMatchObject({ status: 409, code: 'state_conflict' });
  });

  it('gets the stored answer for an upload that is repeated under its key, also after its start', async () => {
    const { id } = await draft();
    const send = (body: string) => upload(id, body, 'text/csv', { 'idempotency-key': `up-${id}` });
    const first = await send('to\na@x.test\n');
    await act(id, 'start');
    const again = await send('to\na@x.test\n');
    expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([200, first.text, 'true']);
    expect(problemOf(await send('to\nb@x.test\n')).code).toBe('idempotency_key_reused');
  });

  it.each([
    ['a header without an address', 'name\nAda\n', ' required'],
    ['nothing', '', ' required'],
    ['a header alone', 'to,name\n', ' required'],
    ['a column twice', 'to,email\na@x.test,b@x.test\n', ' conflict'],
    ['an open quote', 'to\na@x.test\n"b@x.test\n', ' bad_format'],
    ['other text than UTF-8', 'to\n\u00ff', ' bad_format'],
  ])('accepts nothing of %s', async (what, text, error) => {
    const { id } = await draft();
    const body = what.startsWith('other') ? Buffer.from(text, 'latin1') : text;
    const answer = await api.raw('POST', `/v1/campaigns/${id}/recipients`, {
      body,
      headers: { 'content-type': 'text/csv' },
    });
    expect(problemOf(answer)).toMatchObject({ status: 422, code: 'validation_failed', errors: [error] });
    expect(answer.text).toContain('nothing of it was accepted');
    expect((await upload(id, 'to\nc@x.test\n')).body).toMatchObject({ accepted: 1, total: 1 });
  });

  it('accepts nothing of an upload that is cut, and takes the next one', async () => {
    const { id } = await draft();
    const abort = new AbortController();
    async function* rows() {
      yield Buffer.from('to\n');
      for (let i = 0; i < 5_000; i += 1) yield Buffer.from(`cut-${i}@x.test\n`);
      abort.abort();
      yield Buffer.from('more@x.test\n');
    }
    const cut = fetch(`${scheduler.url}/v1/campaigns/${id}/recipients`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: ReadableStream.from(rows()),
      duplex: 'half',
      signal: abort.signal,
    });
    await expect(cut).rejects.toThrow('abort');
    const next = await eventually(async () => {
      const answer = await upload(id, 'to\ncut-1@x.test\nnew@x.test\n');
      if (answer.status !== 200) throw new Error(answer.text);
      return answer;
    }, 10_000);
    expect(next.body).toEqual({ accepted: 2, merged: 0, rejected: 0, badTimeZones: 0, total: 2 });
  });

  it('is no JSON', async () => {
    const { id } = await draft();
    expect(problemOf(await upload(id, '[]', 'application/json')).status).toBe(415);
    const email = await api.raw('POST', '/v1/emails', {
      body: 'to\na@x.test\n',
      headers: { 'content-type': 'text/csv' },
    });
    expect(problemOf(email).status).toBe(415);
  });

  it('can be deleted; what is started cannot', async () => {
    const { id } = await draft();
    await upload(id, 'to\na@x.test\n');
    expect((await api.call('DELETE', `/v1/campaigns/${id}`)).status).toBe(204);
    expect(problemOf(await api.get(`/v1/campaigns/${id}`)).status).toBe(404);
    const { body } = await create({ recipients: ['a@x.test'], ...LATER });
    expect(problemOf(await api.call('DELETE', `/v1/campaigns/${body.id}`)).code).toBe('state_conflict');
  });
});

describe('an upload', () => {
  it('that was overtaken leaves the rows of the one that came after it alone', async () => {
    const { id } = await draft();
    const first = startUpload(id, rowsOf('first'));
    await storedRows(id, 4_000); // all that it has sent: nothing more shows that it lives
    await sql(`update campaigns set uploading_at = now() - interval '2 minutes' where email_id = $1`, id);
    const second = startUpload(id, rowsOf('second'));
    await storedRows(id, 4_000, 'second');
    first.write(rowsOf('more'));
    expect((await first.end()).status).toBe(409);
    const answer = await second.end();
    expect([answer.status, await answer.json()]).toMatchObject([200, { accepted: 4_000, merged: 0, total: 4_000 }]);
    expect(await sql('select count(*)::int from campaign_recipients where email_id = $1', id)).toEqual([
      { count: 4_000 },
    ]);
  });

  it('that is refused leaves its connection to the next request', async () => {
    const { id } = await draft();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (method: string, path: string, body?: string) =>
      requestOver(agent, { method, url: `${scheduler.url}/v1/campaigns/${id}${path}`, type: 'text/csv', body });
    expect(await send('POST', '/recipients', `name\n${'Ada\n'.repeat(200_000)}`)).toBe(422);
    expect(await send('GET', '')).toBe(200);
    agent.destroy();
  });

  it('to a draft that is cancelled meanwhile is not accepted', async () => {
    const { id } = await draft();
    const cancelled = startUpload(id, rowsOf('late'));
    await storedRows(id, 2_000);
    await act(id, 'cancel');
    expect((await cancelled.end()).status).toBe(409);
    expect(await sql('select recipients from campaigns where email_id = $1', id)).toEqual([{ recipients: 0 }]);
  });

  it('keeps its draft from being started, as long as it is not taken for dead', async () => {
    const { id } = await draft();
    const first = startUpload(id, rowsOf('first'));
    await storedRows(id, 2_000);
    const refused = await act(id, 'start');
    expect(problemOf(refused)).toMatchObject({ status: 409, code: 'state_conflict' });
    expect(refused.body).toMatchObject({
      detail: 'An upload to this campaign is under way. Start it when that has ended.',
      current: { status: 'draft' },
    });
    expect((await first.end()).status).toBe(200);
    expect(await act(id, 'start')).toMatchObject({ status: 200, body: { status: 'running' } });

    const { id: other } = await draft();
    const dead = startUpload(other, rowsOf('dead'));
    await storedRows(other, 4_000); // all that it has sent: nothing more shows that it lives
    await sql(`update campaigns set uploading_at = now() - interval '2 minutes' where email_id = $1`, other);
    expect(await act(other, 'start')).toMatchObject({ status: 200, body: { status: 'completed' } });
    expect((await dead.end()).status).toBe(409);
  });

  it('waits for its twin under its key', async () => {
    const { id } = await draft();
    const key = { 'idempotency-key': `twin-${id}` };
    const first = startUpload(id, rowsOf('twin'), key);
    await storedRows(id, 2_000);
    const twin = await upload(id, `to\n${rowsOf('twin')}`, 'text/csv', key);
    expect(problemOf(twin)).toMatchObject({ status: 409, code: 'idempotency_in_progress' });
    expect(twin.headers.get('retry-after')).toBe('1');
    expect(problemOf(await upload(id, 'to\na@x.test\n')).code).toBe('state_conflict');
    expect((await first.end()).status).toBe(200);
    const repeated = await upload(id, `to\n${rowsOf('twin')}`, 'text/csv', key);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is under way as long as bytes come', async () => {
    const { id } = await draft();
    const eachPiece = new UploadRecipients(work.db, 0);
    const [campaign] = await sql('select tenant_id from campaigns where email_id = $1', id);
    const caller = {
      tenantId: String(campaign?.['tenant_id']) as TenantId,
      tenant: 'dev',
      mode: 'test' as const,
      keyId: null,
      scopes: [],
    };
    async function* slowly() {
      yield Buffer.from('to\n');
      await sql(`update campaigns set uploading_at = now() - interval '2 minutes' where email_id = $1`, id);
      yield Buffer.from('a@x.test\n');
      yield Buffer.from('b@x.test\n');
      expect(problemOf(await upload(id, 'to\nx@x.test\n')).code).toBe('state_conflict');
    }
    const asked = { id, type: 'text/csv' as const, body: slowly(), key: undefined, ifVersion: undefined };
    const { answer } = await eachPiece.run(caller, asked);
    expect(JSON.parse(answer.body)).toMatchObject({ accepted: 2, total: 2 });
  });
});

describe('steering', () => {
  it('pause, resume and cancel, each again the same', async () => {
    const { body } = await create({ recipients: addresses(20), ...LATER });
    await expanded(body.id);
    for (const [action, status] of [
      ['pause', 'paused'],
      ['resume', 'scheduled'],
      ['cancel', 'cancelled'],
    ] as const) {
      const first = await act(body.id, action);
      expect(first).toMatchObject({ status: 200, body: { status } });
      const again = await act(body.id, action);
      expect([again.status, again.body.version]).toEqual([200, first.body.version]);
    }
    const { body: cancelled } = await act(body.id, 'cancel');
    expect(cancelled.cancellation).toEqual({ cancelled: 20, alreadySent: 0, inFlight: 0, final: true });
    for (const action of ['start', 'pause', 'resume']) {
      const refused = await act(body.id, action);
      expect(problemOf(refused)).toMatchObject({ status: 409, code: 'state_conflict' });
      expect(refused.body).toMatchObject({
        detail: `${body.id} has ended ("cancelled"): ${action} does not fit.`,
      });
    }
  });

  it('takes back what was claimed, and counts what is at a server', async () => {
    const { body } = await create({ recipients: addresses(10) });
    await expanded(body.id);
    const claimed = await work.claimLine(body.id);
    await work.arm(claimed.slice(0, 1));
    expect((await read(body.id)).counts).toMatchObject({ queued: 9, sending: 1 });
    expect((await act(body.id, 'pause')).body.counts).toMatchObject({ scheduled: 9, queued: 0, sending: 1 });
    await expect(work.arm(claimed.slice(1, 2))).rejects.toThrow('0 armed');
    await act(body.id, 'resume');
    const again = await work.claimLine(body.id);
    const { body: cancelled } = await act(body.id, 'cancel');
    expect(cancelled.cancellation).toEqual({ cancelled: 9, alreadySent: 0, inFlight: 1, final: false });
    await expect(work.arm(again.slice(0, 1))).rejects.toThrow('0 armed');
  });

  it('of its email and its job is the same', async () => {
    const { body } = await create({ recipients: ['a@x.test'], ...LATER });
    await expanded(body.id);
    const [, bare] = body.id.split('_');
    expect((await api.post(`/v1/emails/em_${bare}/pause`)).body).toMatchObject({ status: 'paused', kind: 'campaign' });
    expect((await api.post(`/v1/jobs/job_${bare}/resume`)).status).toBe(200);
    expect((await read(body.id)).status).toBe('scheduled');
    expect((await api.post(`/v1/emails/em_${bare}/cancel`)).body).toMatchObject({
      status: 'cancelled',
      cancellation: { cancelled: 1 },
    });
  });

  it('is named to who would change it as a single email', async () => {
    const { body } = await create({ recipients: ['a@x.test'], ...LATER });
    const email = `/v1/emails/em_${body.id.slice('cmp_'.length)}`;
    const answers = [
      await api.call('PATCH', email, { subject: 'x' }),
      await api.post(`${email}/reschedule`, LATER),
      await api.post(`${email}/send-now`, {}),
      await api.call('PUT', email.replace('/v1', ''), { subject: 'x' }),
    ];
    for (const answer of answers) {
      expect(problemOf(answer)).toMatchObject({ status: 409, code: 'state_conflict' });
      expect(answer.body).toMatchObject({ detail: expect.stringContaining(`/v1/campaigns/${body.id}`) });
      expect(answer.body).toMatchObject({ current: { status: 'scheduled' } });
    }
    expect((await read(body.id)).subject).not.toBe('x');
  });

  it('cancels while copies are being made', async () => {
    const { body } = await create({ recipients: addresses(10_000) });
    expect((await act(body.id, 'cancel')).body.status).toBe('cancelled');
    const { counts } = await expanded(body.id);
    expect(counts.total).toBeLessThanOrEqual(10_000);
    expect(await work.claimLine(body.id)).toEqual([]);
  });

  it('needs the version that was seen', async () => {
    const { body } = await create({ recipients: ['a@x.test'], ...LATER });
    const stale = await api.call('POST', `/v1/campaigns/${body.id}/pause`, undefined, { 'if-match': '"7"' });
    expect(problemOf(stale)).toMatchObject({ status: 412, code: 'version_mismatch' });
  });
});

describe('a change', () => {
  it('of pacing and content is live, and what was claimed with the old content is taken back', async () => {
    const { body } = await create({ recipients: addresses(5) });
    await expanded(body.id);
    await work.claimLine(body.id);
    const patch = { subject: 'Ho', pacing: { hourlyLimit: 100 } };
    const edited = await api.call<CampaignView>('PATCH', `/v1/campaigns/${body.id}`, patch);
    expect(edited).toMatchObject({
      status: 200,
      body: { subject: 'Ho', version: 2, counts: { scheduled: 5 }, pacing: { hourlyLimit: 100, spread: 'even' } },
    });
    const late = await api.call('PATCH', `/v1/campaigns/${body.id}`, LATER);
    expect(problemOf(late)).toMatchObject({ status: 409, code: 'state_conflict' });
  });

  it('of its time moves the copies that are made', async () => {
    const { body } = await create({ recipients: addresses(5), ...LATER });
    await expanded(body.id);
    const scheduledAt = '2027-07-01T09:00:00.000Z';
    await api.call('PATCH', `/v1/campaigns/${body.id}`, { scheduledAt });
    expect(await expanded(body.id)).toMatchObject({ scheduledAt, status: 'scheduled', counts: { total: 5 } });
    const { body: copies } = await api.get<ListView<DeliveryView>>(`/v1/campaigns/${body.id}/deliveries`);
    expect(copies.data.map(({ dueAt }) => dueAt)).toEqual(Array.from({ length: 5 }, () => scheduledAt));
  });

  it('of windows where each recipient is moves the copies that wait for them', async () => {
    const open = (from: string, to: string) => [{ days: ['tue'], from, to, timeZone: 'recipient' }];
    const recipients = [{ to: 'a@x.test', timeZone: 'Asia/Tokyo' }];
    const { body } = await create({ recipients, windows: open('20:00', '21:00'), ...LATER });
    const dueAt = async () => {
      await expanded(body.id);
      const { body: copies } = await api.get<ListView<DeliveryView>>(`/v1/campaigns/${body.id}/deliveries`);
      return copies.data[0]?.dueAt;
    };
    expect(await dueAt()).toBe('2027-06-01T11:00:00.000Z');
    await api.call('PATCH', `/v1/campaigns/${body.id}`, { windows: open('22:00', '23:00') });
    expect(await dueAt()).toBe('2027-06-01T13:00:00.000Z');
  });

  it('of windows leaves local times alone that have come for some', async () => {
    const open = (from: string, to: string) => [{ days: ['tue'], from, to, timeZone: 'recipient' }];
    const schedule = { local: '2027-06-01T09:00', timeZone: 'recipient' };
    const recipients = [{ to: 'a@x.test', timeZone: 'Asia/Tokyo' }];
    const { body } = await create({ recipients, windows: open('20:00', '21:00'), schedule });
    await expanded(body.id);
    await sql(`update emails set scheduled_at = clock_now() - interval '1 hour' where id = $1`, body.id);
    const { body: patched } = await api.call<CampaignView>('PATCH', `/v1/campaigns/${body.id}`, {
      windows: open('22:00', '23:00'),
    });
    expect(patched).toMatchObject({ status: 'running' });
    await expanded(body.id);
    const { body: copies } = await api.get<ListView<DeliveryView>>(`/v1/campaigns/${body.id}/deliveries`);
    expect(copies.data.map(({ dueAt }) => dueAt)).toEqual(['2027-06-01T11:00:00.000Z']);
  });

  it('of its owner is one of its job, too', async () => {
    const { body } = await create({ recipients: ['a@x.test'], ownerId: 'ada', ...LATER });
    await api.call('PATCH', `/v1/campaigns/${body.id}`, { ownerId: 'bob' });
    expect((await api.get(`/v1/jobs/${body.jobId}`)).body).toMatchObject({ ownerId: 'bob' });
  });

  it('of content asks for what all recipients have', async () => {
    const { body } = await create({ draft: true, render: 'liquid' });
    const lines = [
      { to: 'a@x.test', name: 'Ada', data: { city: 'Rome', boss: { name: 'Eve' } } },
      { to: 'b@x.test', name: 'Bob', data: { boss: null } },
    ];
    await upload(body.id, lines.map((line) => JSON.stringify(line)).join('\n'), 'application/x-ndjson');
    const patch = (content: object) => api.call('PATCH', `/v1/campaigns/${body.id}`, content);
    expect(problemOf(await patch({ html: '<p>{{ city }}</p>' })).errors).toEqual(['/html missing_variable']);
    expect(problemOf(await patch({ subject: 'To {{ city }}', text: '{{ city }}' })).errors).toEqual([
      '/subject missing_variable',
      '/text missing_variable',
    ]);
    const text = '{{ email }} {{ name }} {{ boss.name }} {{ city | default: "nowhere" }}';
    expect((await patch({ text })).status).toBe(200);
    await upload(body.id, '{"to":"c@x.test"}\n', 'application/x-ndjson');
    expect((await rejected(body.id)).map(({ code }) => code)).toEqual(['missing_variable']);
  });

  it('of what content needs waits for the upload under way', async () => {
    const { body } = await create({ draft: true, render: 'liquid' });
    const uploading = startUpload(body.id, rowsOf('city'));
    await storedRows(body.id, 2_000);
    const patch = (content: object) => api.call('PATCH', `/v1/campaigns/${body.id}`, content);
    expect(problemOf(await patch({ text: '{{ city }}' })).code).toBe('state_conflict');
    expect((await patch({ text: 'No city' })).status).toBe(200);
    expect((await uploading.end()).status).toBe(200);
  });

  it('of its time waits for the claim under way, which may have begun it', async () => {
    const scheduledAt = new Date(Date.now() + 1_500).toISOString();
    const { body } = await create({ recipients: ['a@x.test'], scheduledAt });
    const answer = await work.db.transaction(async (tx) => {
      const values = [parsePublicId('campaign', body.id)];
      await tx.query({ name: '', text: 'select line from lines where line = $1::uuid::text for update', values });
      const moving = api.call('PATCH', `/v1/campaigns/${body.id}`, LATER);
      await eventually(async () => {
        if ((await read(body.id)).status !== 'running') throw new Error('its time has not come');
      }, 5_000);
      return { moving };
    });
    expect(problemOf(await answer.moving).code).toBe('state_conflict');
  });

  it('of what has ended is refused', async () => {
    const { body } = await create({ recipients: [] });
    expect(problemOf(await api.call('PATCH', `/v1/campaigns/${body.id}`, { subject: 'x' })).code).toBe(
      'state_conflict',
    );
  });
});

describe('what is wrong is said', () => {
  it.each<[string, object, string[]]>([
    ['no content', { subject: undefined, text: undefined }, ['/subject required']],
    ['a delay below zero', { pacing: { delaySeconds: -1 } }, ['/pacing/delaySeconds out_of_range']],
    ['a limit of zero', { pacing: { hourlyLimit: 0 } }, ['/pacing/hourlyLimit out_of_range']],
    ['a weight of zero', { pacing: { weight: 0 } }, ['/pacing/weight out_of_range']],
    ['half a recipient an hour', { pacing: { hourlyLimit: 0.5 } }, ['/pacing/hourlyLimit bad_type']],
    [
      'a window without days',
      { windows: [{ days: [], from: '09:00', to: '10:00', timeZone: 'UTC' }] },
      ['/windows/0/days too_short'],
    ],
    [
      'an unknown zone',
      { schedule: { local: '2027-06-01T09:00', timeZone: 'Mars/Base' } },
      ['/schedule/timeZone bad_time_zone'],
    ],
    ['two times', { ...LATER, schedule: { local: '2027-06-01T09:00', timeZone: 'UTC' } }, ['/schedule conflict']],
    ['a past time', { scheduledAt: '2020-01-01T00:00:00Z' }, ['/scheduledAt in_past']],
    ['a field of single emails', { to: ['a@x.test'] }, ['/to unknown_field']],
    ['another class', { class: 'otp' }, ['/class unknown_value']],
    ['a placeholder that cannot be read', { render: 'liquid', text: '{{ a' }, ['/text bad_template']],
    [
      'a header in a name',
      { recipients: [{ to: 'a@x.test', name: 'A\r\nBcc: e@x.test' }] },
      ['/recipients/0/name injection'],
    ],
    ['10,001 recipients', { recipients: addresses(10_001) }, ['/recipients too_many']],
  ])('%s', async (_what, body, errors) => {
    expect(problemOf(await create({ recipients: ['a@x.test'], ...body }))).toEqual({
      status: 422,
      code: 'validation_failed',
      errors,
    });
  });

  it('with the range that a number may have', async () => {
    const { body } = await create({ pacing: { delaySeconds: 86_401, hourlyLimit: -5 } });
    expect(body).toMatchObject({
      errors: [
        { pointer: '/pacing/delaySeconds', detail: 'must be a whole number from 0 to 86,400' },
        { pointer: '/pacing/hourlyLimit', detail: 'must be a whole number from 1 to 10,000,000' },
      ],
    });
  });

  it('of a recipient without what the content needs', async () => {
    const recipients = [{ to: 'a@x.test', data: { code: '7' } }, 'b@x.test'];
    const { body } = await create({ render: 'liquid', text: 'Your code: {{ code }}', recipients, ...LATER });
    expect(await rejected(body.id)).toEqual([{ row: 2, value: 'b@x.test', code: 'missing_variable' }]);
  });
});

describe('local time', () => {
  it('comes true where each recipient is', async () => {
    const recipients = [
      { to: 'a@x.test', timeZone: 'Asia/Tokyo' },
      { to: 'b@x.test', timeZone: 'America/New_York' },
      { to: 'c@x.test', timeZone: 'Nowhere/City' },
    ];
    const schedule = { local: '2027-06-01T09:00', timeZone: 'recipient', fallback: 'Europe/Berlin' };
    const { body } = await create({ recipients, schedule });
    await expanded(body.id);
    const copies = await api.get<ListView<DeliveryView>>(`/v1/campaigns/${body.id}/deliveries`);
    expect(copies.body.data.map(({ dueAt }) => dueAt)).toEqual([
      '2027-06-01T00:00:00.000Z',
      '2027-06-01T13:00:00.000Z',
      '2027-06-01T07:00:00.000Z',
    ]);
  });

  it('that has passed for some ends their copies, with an event and in all counts', async () => {
    const inTwoHours = new Date(Date.now() + 2 * 3_600_000).toISOString().slice(0, 16);
    const recipients = [
      { to: 'a@x.test', timeZone: 'Pacific/Kiritimati' },
      { to: 'b@x.test', timeZone: 'Pacific/Pago_Pago' },
    ];
    const schedule = { local: inTwoHours, timeZone: 'recipient', ifPast: 'skip' };
    const { body } = await create({ recipients, schedule });
    expect((await expanded(body.id)).counts).toMatchObject({ total: 2, scheduled: 1, expired: 1 });
    const copies = await api.get<ListView<DeliveryView>>(`/v1/campaigns/${body.id}/deliveries`);
    const skipped = copies.body.data.find(({ status }) => status === 'expired');
    expect(skipped).toMatchObject({ to: 'a@x.test', status: 'expired', reason: 'missed' });
    const { body: told } = await api.get<ListView<{ type: string; deliveryId: string | null }>>(
      `/v1/campaigns/${body.id}/events`,
    );
    expect(told.data.flatMap(({ type, deliveryId }) => (deliveryId ? [[type, deliveryId]] : []))).toEqual([
      ['delivery.expired', skipped?.id],
    ]);
  });
});
