import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import { eventually, type Mailtide, startMailtide } from '#testing';
import { deliveriesEnd } from '../delivery-states.js';
import { scheduleMany } from '../schedule-many.js';
import { type Fate, fatesOf, percentile, raceAround, type Raced } from './race.js';

const COUNT = 1_000;
const LEAD_MS = 15_000;
const END_MS = 120_000;

interface Answer {
  readonly status: string | number;
  readonly code?: string;
  readonly current?: { readonly status: string };
}
interface Job {
  readonly id: string;
  readonly status: string;
  readonly result: { readonly cancelled: number; readonly alreadySent: number; readonly inFlight: number } | null;
}

describe('a thousand emails that are due at one instant, with two senders', () => {
  let mailtide: Mailtide;
  /** Emails whose cancel was confirmed, by the owner they were scheduled for. */
  const confirmed = new Map<string, string[]>();

  beforeAll(async () => {
    mailtide = await startMailtide({ senders: 2, env: { LOG_LEVEL: 'warn', GRANT_SECONDS: '20' } });
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  async function dueTogether(ownerId: string): Promise<{ ids: string[]; dueAt: number }> {
    const dueAt = Date.now() + LEAD_MS;
    return { ids: await scheduleMany(mailtide, { count: COUNT, dueAt, ownerId }), dueAt };
  }
  const fateOf = (fates: ReadonlyMap<string, Fate>, id: string) => fates.get(parsePublicId('email', id) ?? '');

  it('are sent or cancelled as each answer said, when they are cancelled one by one at that instant', async () => {
    const { ids, dueAt } = await dueTogether('single');
    const raced = await raceAround(dueAt, ids, (id) => mailtide.api.post<Answer>(`/v1/emails/${id}/cancel`));
    await deliveriesEnd(mailtide, COUNT, END_MS, 'single');

    const fates = await fatesOf(mailtide, 'single');
    expect(raced.filter((one) => !isTrue(one, fateOf(fates, one.id)))).toEqual([]);
    const cancelled = raced.filter(({ status }) => status === 200);
    confirmed.set(
      'single',
      cancelled.map(({ id }) => id),
    );
    expect(cancelled.length).toBeGreaterThan(0); // else it was no race
    expect(cancelled.length).toBeLessThan(COUNT);
    tell('cancel', raced, cancelled.length);
  }, 240_000);

  it('are sent or cancelled as the job counts them, when they are cancelled in bulk at that instant', async () => {
    const { dueAt } = await dueTogether('bulk');
    const body = { action: 'cancel', filter: { ownerId: 'bulk' }, dryRun: false };
    const [bulk] = await raceAround(dueAt, ['bulk'], () => mailtide.api.post<Job>('/v1/emails/bulk', body));
    expect(bulk?.status).toBe(202);
    const job = await finished(bulk?.body.id ?? '');
    await deliveriesEnd(mailtide, COUNT, END_MS, 'bulk');

    const fates = await fatesOf(mailtide, 'bulk');
    const cancelled = [...fates].filter(([, { status }]) => status === 'cancelled');
    const { result } = job;
    expect(result?.cancelled).toBe(cancelled.length);
    expect((result?.alreadySent ?? 0) + (result?.inFlight ?? 0)).toBe(COUNT - cancelled.length);
    expect([...fates.values()].filter((fate) => !isConsistent(fate))).toEqual([]);
    tellFigure(`bulk cancel of ${COUNT}: ${JSON.stringify(result)}`);
  }, 240_000);

  it('arrive as each answer said, when they are edited one by one at that instant', async () => {
    const { ids, dueAt } = await dueTogether('edit');
    const raced = await raceAround(dueAt, ids, (id) =>
      mailtide.api.call<Answer>('PATCH', `/v1/emails/${id}`, { subject: `new ${id}` }),
    );
    await deliveriesEnd(mailtide, COUNT, END_MS, 'edit');

    const fates = await fatesOf(mailtide, 'edit');
    const wrong = raced.filter(({ id, status }) => {
      const [subject, ...more] = fateOf(fates, id)?.subjects ?? [];
      const isNew = subject === `new ${id}`;
      return more.length > 0 || subject === undefined || ![200, 409].includes(status) || isNew !== (status === 200);
    });
    expect(wrong).toEqual([]);
    const edited = raced.filter(({ status }) => status === 200);
    expect(edited.length).toBeGreaterThan(0);
    tell('edit', raced, edited.length);
  }, 240_000);

  it('never arrive later either, once their cancel was confirmed', async () => {
    const fates = await fatesOf(mailtide, 'single');
    const ids = confirmed.get('single') ?? [];
    expect(ids.filter((id) => fateOf(fates, id)?.subjects.length !== 0)).toEqual([]);
  });

  const finished = (id: string): Promise<Job> =>
    eventually(async () => {
      const { body } = await mailtide.api.get<Job>(`/v1/jobs/${id}`);
      if (!body.status.startsWith('completed')) throw new Error(`the job is ${body.status}`);
      return body;
    }, END_MS);
});

/** Whether an answer to a cancel was the truth. */
function isTrue({ status, body }: Raced<Answer>, fate: Fate | undefined): boolean {
  if (fate === undefined || !isConsistent(fate)) return false;
  if (status === 200) return body.status === 'cancelled' && fate.status === 'cancelled';
  const { code, current } = body;
  const isKnown =
    (code === 'in_flight' && current?.status === 'sending') || (code === 'already_sent' && current?.status === 'sent');
  return status === 409 && isKnown && fate.status === 'sent';
}

const isConsistent = ({ status, subjects }: Fate): boolean =>
  status === 'sent' ? subjects.length === 1 : status === 'cancelled' && subjects.length === 0;

/** Figures to be read; nothing depends on them. */
function tell(what: string, raced: readonly Raced<unknown>[], won: number): void {
  const took = raced.map(({ tookMs }) => tookMs);
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(took, share).toFixed(0));
  tellFigure(`${what} in the race: ${won} of ${raced.length} won; p50 ${p50} ms, p99 ${p99} ms, 32 requests at once`);
}

const tellFigure = (line: string): void => console.info(line); // oxlint-disable-line no-console -- a figure for whoever reads the run
