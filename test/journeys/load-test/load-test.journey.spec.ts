import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { JobAlias, JobView, ListView } from '#http';
import { EventStream, eventually, type Mailtide, startMailtide } from '#testing';
import { queryRows } from '../delivery-states.js';

const COUNT = 2_000;
const STATES = ['scheduled', 'queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed'];
const FINAL = ['completed', 'completed_with_errors'];

describe('a load test of 2,000 with failures, whose sender is killed in the middle', () => {
  let mailtide: Mailtide;
  let job: JobView;

  beforeAll(async () => {
    mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn' } });
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  const read = async (): Promise<JobView> => (await mailtide.api.get<JobView>(`/v1/jobs/${job.id}`)).body;
  const uuid = () => parsePublicId('job', job.id);

  it('shows the same numbers everywhere, at every moment and at the end', async () => {
    const page = await mailtide.realtime({ query: { userId: '1' } });
    const updates: JobAlias[] = [];
    page.socket.on('emailJob_updates', (update: JobAlias) => void updates.push(update));
    const wish = { count: COUNT, failures: { temporary: 0.05, permanent: 0.02 }, seed: 3, ownerId: '1' };
    job = (await mailtide.api.post<JobView>('/v1/load-tests', wish)).body;
    const url = `${mailtide.gatewayUrl}/v1/stream?topic=job:${job.id}`;
    const before = await EventStream.open(url);
    const sampling = sampleUntilDone();

    await eventually(async () => expect((await read()).counts?.sent).toBeGreaterThan(COUNT / 10), 60_000);
    before.close(); // the browser is closed ...
    await mailtide.app('sender').end('SIGKILL');
    await mailtide.app('sender').start();
    const after = await EventStream.open(url, { 'last-event-id': before.lastId ?? '' }); // ... and opened again

    await eventually(async () => expect(FINAL).toContain((await read()).status), 120_000);
    const samples = await sampling;
    expect(samples.length).toBeGreaterThan(3);
    expect(samples.filter(({ counted, stored }) => counted !== stored)).toEqual([]);

    const end = await read();
    await eventually(() => expect(after.frames.at(-1)?.event).toBe('job.completed'), 10_000);
    await eventually(() => expect(FINAL).toContain(updates.at(-1)?.status), 10_000);
    const { links: _, waitingFor: __, name: ___, ...fact } = end;
    expect(after.frames.at(-1)?.data).toMatchObject({ data: fact });
    expect(updates.at(-1)).toMatchObject({
      jobId: end.id,
      userId: '1',
      total: COUNT,
      sent: end.counts?.sent,
      failed: end.counts?.failed,
      completedAt: end.finishedAt,
    });
    expect(new Set(updates.map(({ total }) => total))).toEqual(new Set([COUNT]));
    const done = progressIn([...before.frames, ...after.frames]);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(end).toMatchObject({ status: 'completed_with_errors', total: COUNT, expanding: false, progress: 1 });
    expect(end.topFailures).toContainEqual(expect.objectContaining({ reason: 'bad_recipient', code: '550 5.1.1' }));
    const completed = (await mailtide.api.get<JobAlias[]>('/email/1/completed')).body;
    expect(completed).toContainEqual(updates.at(-1));
    page.close();
    after.close();
  }, 240_000);

  it('has reached whom it says it has, once, and the others not', async () => {
    const { counts } = await read();
    const stats = (
      await mailtide.gateway.get<Record<string, number>>(`/v1/sandbox/stats?emailId=em_${job.id.slice(4)}`)
    ).body;
    expect(stats['distinctDeliveries']).toBeGreaterThanOrEqual(counts?.sent ?? -1);
    expect(stats['distinctDeliveries']).toBeLessThanOrEqual((counts?.sent ?? 0) + (counts?.unknown ?? 0));
    expect(stats['duplicates']).toBe(0); // at most once: what may have arrived is not repeated by itself
    const bodies = await queryRows<{ bodies: number; envelopes: number }>(
      mailtide,
      `select count(*) filter (where length(raw) > 0)::int as bodies, count(*)::int as envelopes from sandbox_messages where email_id = $1`,
      [uuid()],
    );
    expect(bodies[0]?.bodies).toBeLessThanOrEqual(100);
    expect(bodies[0]?.bodies).toBeGreaterThan(50);
    expect(bodies[0]?.envelopes).toBe(stats['distinctDeliveries']);
    const suppressed = await queryRows(mailtide, 'select 1 from suppressions', []);
    expect(suppressed).toEqual([]);
  });

  it('sends again what failed when it is asked to, and nothing else', async () => {
    const { counts: before } = await read();
    const again = await mailtide.api.post<JobView>(`/v1/jobs/${job.id}/retry`, { statuses: ['unknown', 'failed'] });
    expect(again).toMatchObject({ status: 202, body: { status: 'running' } });
    await eventually(async () => expect(FINAL).toContain((await read()).status), 60_000);
    const { counts: after } = await read();
    expect(after).toMatchObject({ total: COUNT, unknown: 0, failed: before?.failed }); // they bounce again
    expect(after?.sent).toBe((before?.sent ?? 0) + (before?.unknown ?? 0));
    const jobs = (await mailtide.api.get<ListView<JobView>>('/v1/jobs?ownerId=1')).body.data;
    expect(jobs).toEqual([await read()]);
  }, 90_000);

  /** In one statement: what the counters say, and what the rows say. */
  async function sampleUntilDone(): Promise<{ readonly counted: string; readonly stored: string }[]> {
    const samples: { readonly counted: string; readonly stored: string }[] = [];
    do {
      const rows = await queryRows<{ counted: string; stored: string }>(
        mailtide,
        `select (select array[${STATES.map((state) => `coalesce(sum(${state}), 0)`).join(', ')}]::text from email_counters where email_id = $1) as counted,
           (select array[${STATES.map((state) => `count(*) filter (where status = '${state}')`).join(', ')}]::text from deliveries where email_id = $1) as stored`,
        [uuid()],
      );
      samples.push(...rows);
      await pause(200);
    } while (!FINAL.includes((await read()).status));
    return samples;
  }
});

/** How much of the job was done, event by event. */
function progressIn(frames: EventStream['frames']): number[] {
  return frames
    .filter(({ event }) => event === 'job.progress')
    .map(({ data }) => (data as { data: JobView }).data.progress);
}
