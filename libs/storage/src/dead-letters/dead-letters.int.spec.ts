import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DeliveryId, type EmailId, publicId, type TenantId } from '#domain';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { newId } from '../new-id.js';
import { rowsOf } from '../testing/spec-database.js';
import { buryDeliveries } from './bury-deliveries.js';
import { storeRecordDeadLetter, type UnreadableRecord } from './store-record.js';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
}, 60_000);

afterAll(async () => {
  await db.stop();
  await database.drop();
});

let offset = 0;
const aRecord = (wish: Partial<UnreadableRecord> = {}): UnreadableRecord => ({
  reason: 'unreadable',
  error: 'the value is not JSON',
  topic: 'email.delivery.bulk.v1',
  partition: 3,
  offset: String((offset += 1)),
  timestamp: '1795600000000',
  headers: { ce_type: 'io.mailtide.delivery.requested.v1', odd: '\0\ud800' },
  key: Buffer.from('key'),
  payload: Buffer.from([0, 255, 10]),
  source: 'sender',
  ...wish,
});
const aTenant = async (): Promise<TenantId> => {
  const id = newId<TenantId>();
  await rowsOf(db, `insert into tenants (id, name) values ($1, $2)`, [id, `t${id}`]);
  return id;
};
const letters = (tenantId: TenantId) =>
  rowsOf(db, 'select * from dead_letters where tenant_id = $1 order by id', [tenantId]);
const told = (tenantId: TenantId) =>
  rowsOf(db, 'select type, key, version, email_id, delivery_id, data from outbox where tenant_id = $1', [tenantId]);

describe('a record that nobody can read', () => {
  it('is kept for nobody where there is no tenant', async () => {
    expect(await storeRecordDeadLetter(db, aRecord())).toBeUndefined();
  });

  it('is kept for the tenant it names, bytes untouched, once, and told once', async () => {
    const tenantId = await aTenant();
    const record = aRecord({ headers: { ce_tenantid: tenantId, ce_mode: 'live' } });
    const id = await storeRecordDeadLetter(db, record);
    expect(await storeRecordDeadLetter(db, record)).toBe(id);
    expect(await letters(tenantId)).toMatchObject([
      { id, kind: 'record', mode: 'live', reason: 'unreadable', payload: record.payload, partition: 3, attempts: 1 },
    ]);
    const events = await told(tenantId);
    expect(events).toMatchObject([
      { type: 'dead_letter.added', version: 0, email_id: null, delivery_id: null, data: { kind: 'record' } },
    ]);
    expect(events).toEqual([expect.objectContaining({ key: publicId('dead_letter', String(id)) })]);
  });

  it('is another one at the same offset of a topic that was made anew', async () => {
    const tenantId = await aTenant();
    const record = aRecord({ headers: { ce_tenantid: tenantId } });
    await storeRecordDeadLetter(db, record);
    await storeRecordDeadLetter(db, { ...record, timestamp: '1795600000001' });
    expect(await letters(tenantId)).toHaveLength(2);
  });

  it.each(['no uuid', newId<TenantId>()])('that names the tenant %s is kept for the oldest', async (name) => {
    const [oldest] = await rowsOf<{ id: TenantId }>(db, 'select id from tenants order by created_at, id limit 1', []);
    if (!oldest) throw new Error('there is no tenant');
    const id = await storeRecordDeadLetter(db, aRecord({ headers: { ce_tenantid: name, ce_mode: 'odd' } }));
    expect((await letters(oldest.id)).at(-1)).toMatchObject({ id, mode: 'test' });
  });
});

describe('a delivery that failed outside of a settle', () => {
  it('is put aside and told of', async () => {
    const tenantId = await aTenant();
    const [deliveryId, emailId] = [newId<DeliveryId>(), newId<EmailId>()];
    const failed = { tenantId, mode: 'test', deliveryId, emailId, jobId: null, attempts: 2 } as const;
    const lost = { ...failed, reason: 'worker_lost', error: 'lost 10 times', conversation: ['> a', '< "b"'] };
    await buryDeliveries(db, [lost], 'poller');
    expect(await letters(tenantId)).toMatchObject([
      { delivery_id: deliveryId, reason: 'worker_lost', attempts: 2, conversation: ['> a', '< "b"'] },
    ]);
    expect(await told(tenantId)).toMatchObject([{ type: 'dead_letter.added', version: 0, delivery_id: deliveryId }]);
  });
});
