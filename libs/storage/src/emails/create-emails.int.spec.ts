import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { aCopy, anEmail, dueRows, stored } from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';
import type { JobId } from '#domain';
import { newId } from '../new-id.js';
import { attachmentRow, loadAttachments } from './attachments.js';
import { createEmails } from './create-emails.js';
import { getEmail } from './read-emails.js';

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

describe('creating emails', () => {
  it('stores each with its copies, their places in the queue and its event, in one statement', async () => {
    const later = new Date('2040-01-01T00:00:00.123Z');
    const copies = [aCopy(), aCopy()];
    const email = anEmail({ scheduledAt: later, deliveries: copies });
    const [created] = await createEmails(db, [email]);
    expect(created).toMatchObject({ scheduledMs: later.getTime() });
    for (const { id } of copies) {
      expect(await stored(db, id)).toMatchObject({
        status: 'scheduled',
        epoch: 0,
        version: 1,
        attempt: 0,
        due_at: later,
        eligible_at: later,
      });
      expect(await dueRows(db, id)).toBe(1);
    }
    expect(await rowsOf(db, 'select type, data, version from outbox where email_id = $1', [email.id])).toMatchObject([
      { type: 'email.created', version: 1, data: { scheduledAt: '2040-01-01T00:00:00.123Z' } },
    ]);
  });

  it('answers in the order given', async () => {
    const emails = [2, 0, 1].map((n) => anEmail({ scheduledAt: new Date(2_000_000_000_000 + n) }));
    const created = await createEmails(db, emails.toReversed());
    expect(created).toMatchObject([1, 0, 2].map((n) => ({ kind: 'created', scheduledMs: 2_000_000_000_000 + n })));
  });

  it('is due now, by the clock of the database, where no time is given', async () => {
    const [created] = await createEmails(db, [anEmail()]);
    expect(created?.kind === 'created' && created.scheduledMs - created.createdMs).toBe(0);
  });

  it('stores nothing of a batch that holds an id for the second time', async () => {
    const first = anEmail();
    await createEmails(db, [first]);
    const other = anEmail();
    await expect(createEmails(db, [other, first])).rejects.toMatchObject({ code: '23505' });
    expect(await rowsOf(db, 'select from emails where id = $1', [other.id])).toEqual([]);
    expect(await rowsOf(db, 'select from outbox where email_id = $1', [other.id])).toEqual([]);
  });

  it('stores attachments, tags, grace and expiry, on the email and on its copies', async () => {
    const expiresAt = new Date('2040-01-02T00:00:00Z');
    const contents = [Buffer.from([0, 1, 2, 255]), Buffer.alloc(0), Buffer.from('third')];
    const attachments = contents.map((content, index) => ({
      filename: `${index}.bin`,
      contentType: 'application/octet-stream',
      contentId: index === 0 ? 'logo' : null,
      content,
    }));
    const plain = anEmail();
    const full = anEmail({
      headers: { 'X-Order': '1042', 'X-A': 'a' },
      attachments,
      tags: { team: 'billing' },
      correlationKey: 'order-1042',
      scheduledAt: new Date('2040-01-01T00:00:00Z'),
      expiresAt,
      graceSeconds: 60,
      onMissed: 'hold',
      jobId: newId<JobId>(),
    });
    await createEmails(db, [plain, full]);
    const email = await getEmail(db, full.tenantId, 'test', full.id);
    expect(email).toMatchObject({
      headers: full.headers,
      attachments: attachments.map(attachmentRow),
      tags: { team: 'billing' },
      correlation_key: 'order-1042',
      expires_at: expiresAt,
      grace_seconds: 60,
      on_missed: 'hold',
      job_id: full.jobId,
    });
    expect(Object.keys(email?.headers ?? {})).toEqual(['X-Order', 'X-A']);
    const loaded = { tenantId: full.tenantId, id: full.id, contentVersion: 1 };
    expect(await loadAttachments(db, loaded)).toEqual(contents);
    expect(await loadAttachments(db, { ...loaded, contentVersion: 2 })).toBeUndefined();
    expect(await loadAttachments(db, { tenantId: plain.tenantId, id: plain.id, contentVersion: 1 })).toEqual([]);
    expect(await rowsOf(db, 'select expires_at, grace_seconds from deliveries where email_id = $1', [full.id])).toEqual(
      [{ expires_at: expiresAt, grace_seconds: 60 }],
    );
    expect(await rowsOf(db, 'select email_id, expires_at from expiring', [])).toEqual([
      { email_id: full.id, expires_at: expiresAt },
    ]);
  });
});
