import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deliveryCancelledV1, deliveryRetryingV1, deliveryScheduledV1 } from '#events';
import { type DeliveryId, isFinal, type TenantId } from '#domain';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { cancelCopies, requeueCopies } from '../emails/change-copies.js';
import { createEmails } from '../emails/create-emails.js';
import type { NewEmail } from '../emails/new-email.js';
import { lockCopies } from '../emails/lock-emails.js';
import { markPaused, markResumed, pauseCopies, resumeCopies } from '../emails/pause-emails.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import {
  aClaimRequest,
  aCopy,
  aHold,
  anArm,
  anEmail,
  anEvent,
  aProcess,
  aRetry,
  aSettle,
  aTenant,
  expireGrants,
} from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';
import { resendHeld } from './ambiguous.js';
import { arm } from './arm.js';
import { type Claim, claimKey } from './claim.js';
import { claimDue } from './claim-due.js';
import { releaseClaims, renewGrants } from './hold-claims.js';
import { reclaim, sweepClaims } from './reclaim.js';
import { settle } from './settle.js';

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

const STEPS = [
  'claim',
  'arm',
  'sent',
  'retry',
  'hold',
  'withheld',
  'release',
  'renew',
  'lose',
  'sweep',
  'resend',
  'cancel',
  'edit',
  'pause',
  'resume',
] as const;
interface Step {
  readonly act: (typeof STEPS)[number];
  /** Which of the claims that this worker has ever seen. */
  readonly pick: number;
}

const OF_ALL = ['claim', 'lose', 'sweep', 'resend', 'cancel', 'edit', 'pause', 'resume'] as const;
const isOfAll = (act: Step['act']): act is (typeof OF_ALL)[number] => (OF_ALL as readonly string[]).includes(act);

/** Two workers that remember every claim they were ever given, and use old ones, too. */
class World {
  readonly claims: Claim[] = [];
  readonly arms: string[] = [];
  readonly email: NewEmail;
  readonly tenantId: TenantId = aTenant();
  readonly sender = aProcess();

  constructor(private readonly base: Database) {
    this.email = anEmail({ tenantId: this.tenantId, deliveries: [aCopy(), aCopy()] });
  }

  async step({ act, pick }: Step): Promise<void> {
    const claim = this.claims[pick % Math.max(1, this.claims.length)];
    if (isOfAll(act)) return this[act]();
    if (claim) await this[act](claim);
  }

  private async claim(): Promise<void> {
    const { claims } = await claimDue(this.base, aClaimRequest({ lookAheadMs: 120_000 }));
    this.claims.push(...claims);
    // As if the time had come: what is claimed ahead may be armed.
    await rowsOf(this.base, `update deliveries set due_at = clock_now() where id = any ($1::uuid[])`, [
      claims.map(({ id }) => id),
    ]);
  }

  private async arm(claim: Claim): Promise<void> {
    const [answer] = await arm(this.base, [anArm(claim)], this.sender);
    if (answer) this.arms.push(claimKey(claim));
  }

  private async sent(claim: Claim): Promise<void> {
    await settle(this.base, [aSettle(claim, this.email.id)]);
  }

  private async retry(claim: Claim): Promise<void> {
    await settle(this.base, [aRetry(claim, this.email.id)]);
  }

  private async hold(claim: Claim): Promise<void> {
    await settle(this.base, [aHold(claim, this.email.id, 0)]);
  }

  private async withheld(claim: Claim): Promise<void> {
    const wish = { status: 'scheduled', counts: false, outcome: 'withheld', phase: 'before_dot', event: null } as const;
    await settle(this.base, [aSettle(claim, this.email.id, wish)]);
  }

  private async release(claim: Claim): Promise<void> {
    await releaseClaims(this.base, [claim]);
  }

  private async renew(claim: Claim): Promise<void> {
    await renewGrants(this.base, [claim], 20);
  }

  private async lose(): Promise<void> {
    await expireGrants(this.base, this.ids);
    await reclaim(this.base, 50);
  }

  private async sweep(): Promise<void> {
    await rowsOf(this.base, 'update claims set grant_until = clock_now()');
    await sweepClaims(this.base, 'transactional');
  }

  private resend(): Promise<void> {
    return this.base.transaction(async (tx) => {
      const again = await resendHeld(tx, 10);
      await appendOutbox(
        tx,
        again.map(({ id, version }) => this.event(deliveryRetryingV1, id, version)),
      );
    });
  }

  private cancel(): Promise<void> {
    return this.base.transaction(async (tx) => {
      const open = await this.lockOpen(tx);
      const changed = await cancelCopies(tx, this.tenantId, open, 'cancelled_by_user');
      await appendOutbox(
        tx,
        changed.map(({ id, version }) => this.event(deliveryCancelledV1, id, version)),
      );
    });
  }

  private edit(): Promise<void> {
    return this.base.transaction(async (tx) => {
      const moved = await requeueCopies(tx, this.tenantId, await this.lockOpen(tx), null);
      await appendOutbox(
        tx,
        moved.map(({ id, version }) => this.event(deliveryScheduledV1, id, version)),
      );
    });
  }

  private pause(): Promise<void> {
    return this.base.transaction(async (tx) => {
      const claimed = new Set((await this.lock(tx)).filter(({ status }) => status === 'queued').map(({ id }) => id));
      await markPaused(tx, this.tenantId, [this.email.id]);
      const held = await pauseCopies(tx, this.tenantId, this.ids);
      const moved = held.filter(({ id }) => claimed.has(id));
      await appendOutbox(
        tx,
        moved.map(({ id, version }) => this.event(deliveryScheduledV1, id, version)),
      );
    });
  }

  private resume(): Promise<void> {
    return this.base.transaction(async (tx) => {
      await this.lock(tx);
      await markResumed(tx, this.tenantId, [this.email.id]);
      await resumeCopies(
        tx,
        this.tenantId,
        this.ids.map((id) => ({ id, opensAt: null })),
      );
    });
  }

  private lock(tx: Parameters<typeof lockCopies>[0]) {
    return lockCopies(tx, this.tenantId, 'test', this.email.id);
  }

  private async lockOpen(tx: Parameters<typeof lockCopies>[0]): Promise<DeliveryId[]> {
    const copies = await this.lock(tx);
    return copies.filter(({ status }) => status === 'scheduled' || status === 'queued').map(({ id }) => id);
  }

  private event(definition: Parameters<typeof anEvent>[0], deliveryId: DeliveryId, version: number) {
    return anEvent(definition, { tenantId: this.tenantId, emailId: this.email.id, deliveryId, version });
  }

  get ids(): DeliveryId[] {
    return this.email.deliveries.map(({ id }) => id);
  }
}

interface Audit extends Record<string, unknown> {
  readonly id: DeliveryId;
  readonly status: Parameters<typeof isFinal>[0];
  readonly version: number;
  readonly paused: boolean;
  readonly due: number;
  readonly covered: boolean;
  readonly told: number[];
}

const audit = (world: World) =>
  rowsOf<Audit>(
    db,
    `select d.id, d.status, d.version, d.paused,
      (select count(*)::int from due where due.id = d.id and due.line = d.line and due.due_at = d.due_at) as due,
      exists (select from claims c, unnest(c.deliveries, c.epochs) m (id, epoch) where m.id = d.id and m.epoch = d.epoch) as covered,
      array(select o.version from outbox o where o.delivery_id = d.id order by o.id) as told
      from deliveries d where d.id = any ($1::uuid[])`,
    [world.ids],
  );

const walk = fc.array(fc.record({ act: fc.constantFrom(...STEPS), pick: fc.nat({ max: 20 }) }), {
  minLength: 5,
  maxLength: 25,
});

describe('whatever two workers, a canceller, an editor, a pauser and the reconciler do', () => {
  it('no claim is armed twice, what waits stands in the queue unless it is paused, what is claimed is watched, every version is told once', async () => {
    await fc.assert(
      fc.asyncProperty(walk, async (steps) => {
        await rowsOf(db, 'truncate due, claims');
        const world = new World(db);
        await createEmails(db, [world.email]);
        let cancelled = new Set<DeliveryId>();
        for (const step of steps) {
          const armsBefore = world.arms.length;
          await world.step(step);
          const rows = await audit(world);
          expect(new Set(world.arms).size).toBe(world.arms.length);
          const armedNow = world.arms.slice(armsBefore);
          expect(armedNow.filter((key) => cancelled.has(key.split(' ')[0] as DeliveryId))).toEqual([]);
          for (const { status, version, paused, due, covered, told } of rows) {
            expect({ status, paused, due }).toEqual({ status, paused, due: status === 'scheduled' && !paused ? 1 : 0 });
            if (status === 'queued' || status === 'sending')
              expect({ status, covered }).toEqual({ status, covered: true });
            expect(told).toEqual(Array.from({ length: version - 1 }, (_, i) => i + 2));
          }
          cancelled = new Set(rows.filter(({ status }) => status === 'cancelled').map(({ id }) => id));
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
