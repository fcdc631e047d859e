import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DELIVERY_STATUSES, type DeliveryId, type JobId } from '#domain';
import { aCampaign, openFree, someRecipients, testDatabase, type TestDatabase } from '#testing';
import { addRecipients } from '../campaigns/add-recipients.js';
import { createCampaign, type NewCampaign } from '../campaigns/create-campaign.js';
import { expandChunk, holdExpansion } from '../campaigns/expand-campaign.js';
import type { Database } from '../database.js';
import { rowsOf } from '../testing/spec-database.js';
import { deliveriesOfAudience } from './deliveries-of-job.js';
import { getJob, jobFailures, type JobRow } from './read-jobs.js';
import { beginRetry, findRetrying, holdRetry, nextEnded, noteRetry } from './retry-audience.js';

/** Jobs of campaigns are read from counters, and the counters say what the rows say, at every moment. */

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openFree(database.url);
}, 60_000);
afterAll(async () => {
  await db.stop();
  await database.drop();
});

interface Stored {
  readonly campaign: NewCampaign;
  readonly id: JobId;
}

async function stored(count: number, made = count): Promise<Stored> {
  const campaign = aCampaign({ audience: { expanding: true, recipients: count, merged: 0, rejected: 0 } });
  await db.transaction(async (tx) => {
    await createCampaign(tx, campaign);
    await addRecipients(tx, campaign, 0, someRecipients(count));
  });
  for (let after = 0; after < made; after += 5_000) {
    await db.transaction(async (tx) => {
      const held = await holdExpansion(tx, campaign);
      if (!held) throw new Error('nothing to expand');
      const upTo = Math.min(after + 5_000, made);
      await expandChunk(tx, campaign, { after, upTo, dueAt: held.scheduledAt, zones: [] });
    });
  }
  return { campaign, id: campaign.id as string as JobId };
}

async function read({ campaign, id }: Stored): Promise<JobRow> {
  const job = await getJob(db, campaign, id);
  if (!job) throw new Error('there is no job');
  return job;
}

/** The next copies in one state are moved to another, as one statement. */
const move = async ({ id }: Stored, from: string, to: string, count: number, reply: [string, number] | null = null) =>
  rowsOf(
    db,
    `update deliveries set status = $3, reason = $5, reply_code = $6::int, reply_enhanced = case when $6::int is not null then '5.1.1' end
     where id in (select id from deliveries where email_id = $1 and status = $2 order by id limit $4)`,
    [id, from, to, count, reply?.[0] ?? null, reply?.[1] ?? null],
  );

/** What the rows say. */
async function recounted({ id }: Stored): Promise<Record<string, number>> {
  const rows = await rowsOf<{ status: string; count: number }>(
    db,
    'select status, count(*)::int as count from deliveries where email_id = $1 group by status',
    [id],
  );
  const zeros = Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, 0]));
  const byStatus = { ...zeros, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
  return { ...byStatus, total: rows.reduce((sum, { count }) => sum + count, 0) };
}

describe('the job of a campaign', () => {
  it('says why its next copy does not go yet, and when its last one is due', async () => {
    const one = await stored(3);
    await rowsOf(db, 'update lines set next_at = clock_now() where line = $1::uuid::text', [one.id]);
    const dueIn = async (seconds: number, wish: string) => {
      const values = [one.id, seconds];
      await rowsOf(
        db,
        `update deliveries set due_at = date_trunc('second', clock_now()) + $2::int * interval '1 second', ${wish} where email_id = $1`,
        values,
      );
      await rowsOf(db, `update due set due_at = d.due_at from deliveries d where d.id = due.id and d.email_id = $1`, [
        one.id,
      ]);
    };
    for (const [wish, reason] of [
      ['attempt = 1', 'retry_backoff'],
      [`reason = 'window'`, 'window'],
    ] as const) {
      await dueIn(60, wish);
      const { audience } = await read(one);
      expect(audience).toMatchObject({ waitingFor: [{ reason, until: audience?.lastDueAt?.toISOString() }] });
    }
    await dueIn(-60, 'attempt = 0');
    expect((await read(one)).audience).toMatchObject({ waitingFor: [], lastDueAt: null });
  });

  it('counts what is made so far, and knows how many there will be', async () => {
    const job = await stored(100, 60);
    expect(await read(job)).toMatchObject({
      total: 60,
      scheduled: 60,
      audience: { expanding: true, expected: 100, emailStatus: 'running' },
    });
  });

  it('says what its rows say after every move, and why copies failed', async () => {
    const job = await stored(200);
    const moves: readonly [string, string, number, ([string, number] | null)?][] = [
      ['scheduled', 'queued', 150],
      ['queued', 'sending', 100],
      ['sending', 'sent', 50],
      ['sending', 'failed', 20, ['bad_recipient', 550]],
      ['sending', 'failed', 5, ['smtp_permanent', 554]],
      ['sending', 'unknown', 10, ['ambiguous', 550]],
      ['scheduled', 'expired', 7],
      ['scheduled', 'cancelled', 3],
      ['unknown', 'sent', 4],
      ['failed', 'scheduled', 6],
    ];
    for (const [from, to, count, reply] of moves) {
      await move(job, from, to, count, reply ?? null);
      expect(await read(job)).toMatchObject(await recounted(job));
    }
    const failures = await jobFailures(db, await read(job));
    const { failed, unknown, expired } = await read(job);
    expect(failures.reduce((sum, { count }) => sum + count, 0)).toBe(failed + unknown + expired);
    expect(failures).toContainEqual({ reason: 'expired', code: null, count: 7 });
    expect(failures).toContainEqual({ reason: 'ambiguous', code: '550 5.1.1', count: 6 });
  });

  it('lists its copies newest first, page by page', async () => {
    const job = await stored(30);
    const ref = { tenantId: job.campaign.tenantId, id: job.id };
    const first = await deliveriesOfAudience(db, ref, { after: undefined, limit: 20 });
    expect(first).toHaveLength(21);
    const second = await deliveriesOfAudience(db, ref, { after: first[19], limit: 20 });
    const ids = [...first.slice(0, 20), ...second].map(({ id }) => id);
    expect(new Set(ids).size).toBe(30);
    expect(ids).toEqual(ids.toSorted().toReversed());
  });
});

describe('a retry', () => {
  it('passes each copy once, remembers how far it is, and is over at the end', async () => {
    const job = await stored(50);
    const ref = { tenantId: job.campaign.tenantId, id: job.id };
    await move(job, 'scheduled', 'queued', 50);
    await move(job, 'queued', 'failed', 10, ['render_error', 0]);
    expect(await beginRetry(db, ref, { statuses: ['failed'], actor: 'system' })).toBe(true);
    expect(await beginRetry(db, ref, { statuses: ['expired'], actor: 'system' })).toBe(true);
    expect(await findRetrying(db)).toContainEqual(ref);
    const found: DeliveryId[] = [];
    for (let step = 0; step < 10; step += 1) {
      const held = await holdRetry(db, ref);
      if (!held) break;
      expect([...held.statuses].toSorted()).toEqual(['expired', 'failed']);
      const { position, ended } = await nextEnded(db, ref, held, 20);
      found.push(...ended); // they stay failed, as if they had failed again
      await noteRetry(db, ref, position);
    }
    expect(found).toHaveLength(10);
    expect(await findRetrying(db)).not.toContainEqual(ref);
    expect(await read(job)).toMatchObject({ status: 'running', audience: { isRetrying: false } });
  });

  it('of a draft or of what was cancelled does not begin', async () => {
    const draft = aCampaign({ state: 'draft' });
    await createCampaign(db, draft);
    const ref = { tenantId: draft.tenantId, id: draft.id as string as JobId };
    expect(await beginRetry(db, ref, { statuses: ['failed'], actor: 'system' })).toBe(false);
  });
});

it('is read by few rows, whatever the size of the campaign', async () => {
  const job = await stored(20_000);
  await move(job, 'scheduled', 'queued', 3_000);
  await move(job, 'queued', 'failed', 3_000, ['bad_recipient', 550]);
  const begun = performance.now();
  for (let look = 0; look < 20; look += 1) await read(job);
  expect((performance.now() - begun) / 20).toBeLessThan(100);
}, 60_000);
