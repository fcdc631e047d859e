import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { campaignScope, type DeliveryId, type EmailId, type LimitId, type TenantId } from '#domain';
import { deliverySentV1 } from '#events';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database, Queryable, Transactional } from './database.js';
import { findAmbiguous, resendHeld } from './deliveries/ambiguous.js';
import { arm } from './deliveries/arm.js';
import type { Claim } from './deliveries/claim.js';
import { claimDue } from './deliveries/claim-due.js';
import { forfeitGrants } from './deliveries/forfeit-grants.js';
import { releaseClaims, renewGrants } from './deliveries/hold-claims.js';
import { loadClaimed } from './deliveries/load-claimed.js';
import { parkDeliveries } from './deliveries/park.js';
import { forgetTakes, reclaim, sweepClaims } from './deliveries/reclaim.js';
import { settle } from './deliveries/settle.js';
import { whyRefused } from './deliveries/why-refused.js';
import { cancelCopies, requeueCopies } from './emails/change-copies.js';
import { lockCopies } from './emails/lock-emails.js';
import { createEmails } from './emails/create-emails.js';
import { chargeRates } from './lines/charge-rates.js';
import { type HeldLimit, lockLimits, lockLines, readGranted } from './lines/lock-lines.js';
import { readyLines } from './lines/ready-lines.js';
import { deferCopies, type LineHead, noteLines, peekLine, takeCopies } from './lines/take-copies.js';
import { endExpired, endHeld } from './misfire/end-expired.js';
import { endLate, FROM_THE_OLDEST } from './misfire/end-late.js';
import { newId } from './new-id.js';
import { appendOutbox } from './outbox/append-outbox.js';
import { advanceCursor, nextWindow, readCursor, readWindow } from './outbox/read-window.js';
import { aClaimRequest, aHold, anArm, anEmail, anEvent, aProcess, aRetry, aSettle } from './testing/builders.js';
import { explaining, type PlanNode, walksOf } from './testing/plan.js';
import { inVain, rowsOf } from './testing/spec-database.js';

const tenantId = newId<TenantId>();
const emailId = newId<EmailId>();
const someClaims = (n: number): Claim[] =>
  Array.from({ length: n }, () => ({ tenantId, id: newId<DeliveryId>(), epoch: 1 }));
const few = someClaims(1);
const many = someClaims(500);

/** Claims are few and short-lived, so who needs all of them may walk them. */
const CLAIMS = ['claims'];

/** Those of single emails are few: they are for whole tenants, senders and domains. */
const LIMITS = ['limits'];

const aLimit: HeldLimit = { id: newId<LimitId>(), tenant_id: tenantId, scope: 'tenant', rules: [] };
const heads: LineHead[] = many.map(({ id }) => ({
  id,
  due_row: '(0,1)',
  email_id: emailId,
  address: 'bob@example.com',
  recipient_key: 'bob@example.com',
  time_zone: null,
  due_ms: 0,
  grace_seconds: 0,
  from_mailbox: 'ada@acme.test',
  windows: [],
}));

/** Statements that belong into one transaction, in the one that is open. */
const inside = (tx: Queryable): Transactional => ({
  query: (query) => tx.query(query),
  transaction: (work) => work(tx),
});

/** Every statement of the hot path, with one item and with a full batch. */
type Hot = [name: string, run: (db: Queryable) => Promise<unknown>, mayWalk?: readonly string[]];
const HOT: readonly Hot[] = [
  ['claim-due', (db) => claimDue(db, aClaimRequest({ batch: 500, lookAheadMs: 1_000 })), LIMITS],
  ['claim-due', (db) => claimDue(db, aClaimRequest({ batch: 1, watermarkMs: Date.now() })), LIMITS],
  ['ready-lines', (db) => readyLines(db, 'bulk', 500, [])],
  ['lock-lines', (db) => lockLines(db, tenantId, 'bulk', 50)],
  ['lock-limits', (db) => lockLimits(db, tenantId, [campaignScope(emailId)])],
  ['line-uses', (db) => readGranted(db, [{ limit: aLimit, key: 'live', sinceMs: Date.now() - 3_600_000 }])],
  ['peek-line', (db) => peekLine(db, tenantId, emailId, 500)],
  [
    'take-copies',
    (db) =>
      takeCopies(
        db,
        { tenantId, lane: 'bulk', poller: aProcess(), grantSeconds: 20 },
        heads.map((copy) => ({ copy, charged: [aLimit.id] })),
      ),
  ],
  [
    'defer-copies',
    (db) =>
      deferCopies(
        db,
        tenantId,
        heads.map((copy) => ({ copy, untilMs: Date.now(), reason: 'limit' })),
      ),
  ],
  [
    'note-lines',
    (db) =>
      noteLines(db, tenantId, [
        { line: emailId, nextMs: Date.now(), pacedMs: null, waitsFor: null, share: 0, isDry: true },
      ]),
  ],
  [
    'charge-rates',
    (db) =>
      chargeRates(
        db,
        many.map(() => ({ charged: [aLimit.id], mode: 'live', recipientKey: 'bob@example.com' })),
      ),
  ],
  ['load-claimed', (db) => loadClaimed(db, few, aProcess())],
  ['load-claimed', (db) => loadClaimed(db, many, aProcess())],
  [
    'arm',
    (db) =>
      arm(
        db,
        few.map((claim) => anArm(claim)),
        aProcess(),
      ),
  ],
  [
    'arm',
    (db) =>
      arm(
        db,
        many.map((claim) => anArm(claim)),
        aProcess(),
      ),
  ],
  [
    'settle',
    (db) =>
      settle(
        db,
        few.map((claim) => aSettle(claim, emailId)),
      ),
  ],
  [
    'settle',
    (db) =>
      settle(
        db,
        many.map((claim, i) => (i % 2 ? aRetry(claim, emailId) : aHold(claim, emailId))),
      ),
  ],
  [
    'settle',
    (db) =>
      settle(
        db,
        many.map((claim) => aSettle(claim, emailId, { status: 'failed', isHardBounce: true })),
      ),
  ],
  [
    'park',
    (db) =>
      parkDeliveries(
        db,
        many.map((claim) => ({ ...claim, delaySeconds: 30, reason: 'window' as const })),
      ),
  ],
  [
    'why-refused',
    (db) =>
      whyRefused(
        db,
        many.map((claim) => anArm(claim)),
      ),
  ],
  ['release', (db) => releaseClaims(db, few)],
  ['release', (db) => releaseClaims(db, many)],
  ['renew-grants', (db) => renewGrants(db, few, 20)],
  ['renew-grants', (db) => renewGrants(db, many, 20)],
  ['reclaim', (db) => reclaim(inside(db), 50), CLAIMS],
  ['forfeit-grants', (db) => forfeitGrants(db, [aProcess()]), [...CLAIMS, 'takes']],
  ['find-late', (db) => endLate(inside(db), 'transactional', FROM_THE_OLDEST, 1_000)],
  ['end-expired', (db) => endExpired(inside(db), { emails: 100, copies: 1_000 })],
  ['end-held', (db) => endHeld(inside(db), 500), CLAIMS],
  ['forget-takes', (db) => forgetTakes(db, 300)],
  ['sweep-claims', (db) => sweepClaims(db, 'transactional'), CLAIMS],
  ['find-ambiguous', (db) => findAmbiguous(db, { dead: [aProcess()], silent: [aProcess()] }, 500), CLAIMS],
  ['resend-held', (db) => resendHeld(db, 500), CLAIMS],
  ['create-emails', (db) => createEmails(db, [anEmail({ tenantId })])],
  [
    'create-emails',
    (db) =>
      createEmails(
        db,
        Array.from({ length: 200 }, () => anEmail({ tenantId })),
      ),
  ],
  ['append-outbox', (db) => appendOutbox(db, [anEvent(deliverySentV1, { tenantId, emailId })])],
  ['read-window', async (db) => readWindow(db, await readCursor(db), 1_000)],
  ['next-window', async (db) => nextWindow(db, await readCursor(db))],
  ['advance-cursor', async (db) => advanceCursor(db, await readCursor(db), '1')],
  ['lock-copies', (db) => lockCopies(db, tenantId, 'test', emailId)],
  [
    'cancel-copies',
    (db) =>
      cancelCopies(
        db,
        tenantId,
        many.slice(0, 50).map(({ id }) => id),
        'cancelled_by_user',
      ),
  ],
  [
    'requeue-copies',
    (db) =>
      requeueCopies(
        db,
        tenantId,
        many.slice(0, 50).map(({ id }) => id),
        null,
      ),
  ],
];

/** The statements that answer callers; all others are for everybody's mail. */
const FOR_CALLERS = new Set(['create-emails', 'lock-copies', 'cancel-copies', 'requeue-copies']);

/** As the app does it: row-level security is part of the plan, and it keeps some conditions out of an index. */
async function actAs(tx: Queryable, role: 'mt_api' | 'mt_worker'): Promise<void> {
  await rowsOf(tx, `set local role ${role}`);
  if (role === 'mt_api') await rowsOf(tx, `select set_config('app.tenants', $1, true)`, [`{${tenantId}}`]);
}

const TABLES = 'deliveries, due, claims, emails, outbox, attempts, suppressions';

/** 20,000 deliveries in one statement, as a campaign makes them; half are claimed, half of those armed. Nothing is analysed. */
async function fill(db: Database): Promise<void> {
  await rowsOf(db, `truncate relay_cursor`);
  await rowsOf(db, `insert into relay_cursor values ('outbox', '0', '0', 0, 0)`);
  await rowsOf(
    db,
    `with made as (select n, gen_random_uuid() as id, gen_random_uuid() as email_id from generate_series(1, 20000) n),
    e as (insert into emails (tenant_id, id, kind, class, mode, visibility, from_mailbox, to_mailboxes, cc_mailboxes, bcc_mailboxes, reply_to,
        subject, text_body, scheduled_at, grace_seconds, retry_for_seconds, on_unknown, total, created_at, updated_at)
      select $1, email_id, 'single', 'bulk', 'test', 'individual', 'a@acme.test', '[]', '[]', '[]', '[]', 'hi', repeat('x', 500), now(), 0, 1, 'at_least_once', 1, now(), now() from made),
    d as (insert into deliveries (tenant_id, id, email_id, lane, line, mode, role, mailbox, address, recipient_key, status, epoch, due_at, eligible_at,
        claimed_at, grant_until, armed_at, armed_by, created_at)
      select $1, id, email_id, 'transactional', 'transactional', 'test', 'to', 'b@example.com', 'b@example.com', 'b@example.com',
        case when n <= 10000 then 'scheduled' when n <= 15000 then 'queued' else 'sending' end, case when n <= 10000 then 0 else 1 end,
        now() + (n - 5000) * interval '1 second', now(), now(), now() - n * interval '1 millisecond', now(), $1, now() from made),
    q as (insert into due select 'transactional', now() + (n - 5000) * interval '1 second', id, $1, 'test' from made where n <= 10000),
    o as (insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at)
      select gen_random_uuid(), $1, 'test', 't', 'k', 'delivery.sent', 1, 's', 'system', email_id, id, 1, '{}', now() from made),
    s as (insert into suppressions (tenant_id, id, mode, recipient_key, address, scope, source)
      select $1, id, 'test', id || '@example.com', id || '@example.com', 'all', 'manual' from made),
    a as (insert into attempts (tenant_id, delivery_id, epoch, attempt, phase, outcome, started_at, ended_at)
      select $1, id, 0, 1, 'envelope', 'temporary', now(), now() from made)
    insert into claims select gen_random_uuid(), 'transactional', $1, now() + (n / 500 - 30) * interval '1 second',
      array_agg($1::uuid), array_agg(id), array_agg(1) from made where n > 10000 group by n / 500`,
    [tenantId],
  );
}

const truncate = (db: Database) => rowsOf(db, `truncate ${TABLES}`);

/** A queue is used up when its statistics are taken: no rows, all of its pages. (Emails and deliveries stay for ever.) */
async function useUp(db: Database): Promise<void> {
  for (const queue of ['due', 'claims']) {
    await rowsOf(db, `delete from ${queue}`);
    await rowsOf(db, `vacuum (truncate off, analyze) ${queue}`);
  }
}

/** With nothing stored, walking all of an index costs nothing; each statement is planned anew, so it matters only then. */
const STATES: {
  readonly state: string;
  readonly reach: (db: Database) => Promise<unknown>;
  readonly isEmpty?: true;
}[] = [
  { state: 'empty', reach: truncate, isEmpty: true },
  { state: 'full and never analysed', reach: fill },
  { state: 'full and analysed', reach: (db) => rowsOf(db, `analyze ${TABLES}`) },
  { state: 'used up', reach: useUp },
  { state: 'full again, with the statistics of their emptiness', reach: fill },
];

describe.each(STATES)('with queues that are $state', ({ reach, isEmpty = false }) => {
  beforeAll(async () => {
    await reach(db);
  }, 60_000);

  const cases = HOT.map(([name, run, mayWalk = []]) => ({ name, run, mayWalk }));
  it.each(cases)('$name goes only where its indexes lead it', async ({ name, run, mayWalk }) => {
    const plans = new Map<string, PlanNode>();
    await inVain(db, async (tx) => {
      await actAs(tx, FOR_CALLERS.has(name) ? 'mt_api' : 'mt_worker');
      await run(explaining(tx, plans));
    });
    const walks = [...plans].map(([statement, plan]) => [
      statement,
      walksOf(plan, { tables: mayWalk, indexWalks: isEmpty }),
    ]);
    expect(walks).toEqual(walks.map(([statement]) => [statement, []]));
  });
});

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
  for (const table of TABLES.split(', ')) await rowsOf(db, `alter table ${table} set (autovacuum_enabled = off)`);
}, 60_000);

afterAll(async () => {
  await db.stop();
  await database.drop();
});
