import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId, ProcessId } from '#domain';
import { claimDue, Database, loadClaimed, newId, registerProcess } from '#storage';
import { createLog, createMetrics } from '#telemetry';
import { specStatement, testDatabase, uniqueName } from '#testing';
import { storeEmails } from '../testing/store-emails.js';
import { reclaimDuty } from './reclaim.duty.js';

let db: Database;

beforeAll(async () => {
  const { url } = await testDatabase();
  db = new Database({ url, application: 'spec', maxConnections: 4, plans: 'pinned', onIdleError: () => {} });
}, 60_000);
afterAll(() => db.stop());

const enter = (instance: string) => registerProcess(db, { app: 'sender', instance, exclusive: true });

/** A delivery that a sender has begun to work on. */
async function begunBy(sender: ProcessId): Promise<DeliveryId> {
  const [id] = (await storeEmails(db, 'transactional', [new Date()])).keys();
  const request = { lane: 'transactional', batch: 100, watermarkMs: null, lookAheadMs: 0, grantSeconds: 20 } as const;
  const { claims } = await claimDue(db, { ...request, poller: newId<ProcessId>() });
  await loadClaimed(db, claims, sender);
  if (id === undefined) throw new Error('nothing was stored');
  return id;
}

const statusOf = async (id: DeliveryId) =>
  (
    await db.query<{ status: string }>({
      ...specStatement('select status from deliveries where id = $1'),
      values: [id],
    })
  ).rows[0]?.status;

const aDuty = (on = db) =>
  reclaimDuty({
    db: on,
    log: createLog({ app: 'poller', level: 'silent', pretty: false }),
    facts: createMetrics('poller').facts,
    onReturned: () => undefined,
  });

describe('the duty that takes back what was lost', () => {
  it('takes back what a sender had begun as soon as its successor has entered, and not before', async () => {
    const name = uniqueName('sender');
    const duty = aDuty();
    const id = await begunBy(await enter(name));
    await duty.pass();
    expect(await statusOf(id)).toBe('queued');
    await enter(name);
    await duty.pass();
    expect(await statusOf(id)).toBe('scheduled');
  });

  it('takes back what ran out, though what dead senders had in hand cannot be freed', async () => {
    const name = uniqueName('sender');
    const id = await begunBy(await enter(name));
    await enter(name);
    for (const table of ['deliveries', 'claims'])
      await db.query({
        ...specStatement(`update ${table} set grant_until = clock_now() - interval '1 minute'`),
        values: [],
      });
    await aDuty(new WithoutForfeits(db) as unknown as Database).pass();
    expect(await statusOf(id)).toBe('scheduled');
  });
});

/** A database that refuses one statement. */
class WithoutForfeits {
  constructor(private readonly of: Database) {}

  query: Database['query'] = (query) =>
    query.name.startsWith('forfeit-grants') ? Promise.reject(new Error('too slow')) : this.of.query(query);

  transaction: Database['transaction'] = (work) => this.of.transaction(work);
}
