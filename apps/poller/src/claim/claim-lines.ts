import { type Lane, LOOK_MS, type ProcessId, shareOut, type TenantId } from '#domain';
import {
  holdLimits,
  type Database,
  deferCopies,
  type DueClaim,
  type EndedCopy,
  endMissed,
  type LineClaims,
  lockLines,
  noteLines,
  peekLine,
  type Queryable,
  readyLines,
  takeCopies,
} from '#storage';
import type { Logger } from '#telemetry';
import { Deferrals } from './deferrals.js';
import { LineLimits } from './line-limits.js';
import { WaitingInLine } from './waiting-in-line.js';

export interface ClaimLinesOptions {
  readonly lane: Lane;
  readonly db: Database;
  readonly poller: ProcessId;
  readonly batch: number;
  readonly grantSeconds: number;
  readonly log: Logger;
  /** Told of copies that were too late to be sent, because nobody looked at their line in time. */
  readonly onMissed?: (ended: readonly EndedCopy[]) => void;
}

/** Lines to look at in one pass, and of one tenant in one transaction. */
const LINES = 500;
const LINES_AT_ONCE = 50;
const IDLE_MS = 500;
/** A tenant whose claim failed is passed over for so long, one whose claim was slow for as long as it took: the others go on. */
const REST_MS = 5_000;
const SLOW_MS = 2_000;

const NOTHING: LineClaims = { claims: [], nowMs: undefined };

/** Takes what may go of the lines of a lane: one transaction for each tenant, in which nobody else grants from its limits. */
export class ClaimLines {
  private readonly deferrals = new Deferrals();
  /** Until when, on the monotonic clock, tenants are passed over. */
  private readonly resting = new Map<TenantId, number>();

  constructor(private readonly options: ClaimLinesOptions) {}

  /** @param onClaimed told of the claims of each tenant at once */
  async run(onClaimed: (claims: readonly DueClaim[], nowMs: number) => void): Promise<number> {
    const { db, lane, batch } = this.options;
    const { tenants, waitMs } = await readyLines(db, lane, LINES, this.passedOver());
    let count = 0;
    for (const tenant of tenants) {
      const claimed = await this.claim(tenant);
      if (claimed.nowMs !== undefined) onClaimed(claimed.claims, claimed.nowMs);
      count += claimed.claims.length;
      if (count >= batch) return 0;
    }
    return Math.min(waitMs ?? IDLE_MS, tenants.length > 0 ? LOOK_MS : IDLE_MS);
  }

  private passedOver(): TenantId[] {
    const now = performance.now();
    for (const [tenant, until] of this.resting) if (until <= now) this.resting.delete(tenant);
    return [...this.resting.keys()];
  }

  private async claim(tenant: TenantId): Promise<LineClaims> {
    const { db, lane, log } = this.options;
    const beganAt = performance.now();
    try {
      const claims = await db.transaction((tx) => this.claimOf(tx, tenant));
      const tookMs = performance.now() - beganAt;
      if (tookMs > SLOW_MS) this.resting.set(tenant, beganAt + 2 * tookMs);
      return claims;
    } catch (error) {
      log.error({ err: error, lane, tenantId: tenant }, 'claiming from the lines of a tenant failed; trying again');
      this.resting.set(tenant, performance.now() + REST_MS);
      return NOTHING;
    }
  }

  private async claimOf(tx: Queryable, tenant: TenantId): Promise<LineClaims> {
    const { lane, batch, poller, grantSeconds } = this.options;
    const held = await lockLines(tx, tenant, lane, LINES_AT_ONCE);
    const [first] = held;
    if (!first) return NOTHING;
    const nowMs = first.now_ms;
    const limits = new LineLimits({ limits: await holdLimits(tx, tenant, held), lane, reserve: first.reserve, nowMs });
    const lines = held.map((line) => new WaitingInLine(line, limits, nowMs));
    await limits.read(
      tx,
      lines.flatMap(({ sample }) => sample),
    );
    for (const line of lines) {
      const most = Math.min(line.most(), Math.ceil(batch / lines.length));
      line.peeked(most > 0 ? await peekLine(tx, tenant, line.name, most) : [], most);
    }
    await limits.read(
      tx,
      lines.flatMap(({ heads }) => heads),
    );
    const shared = shareOut(lines.map((line) => line.wish()));
    lines.forEach((line, i) => line.got(shared[i], this.deferrals));
    const claims = await takeCopies(
      tx,
      { tenantId: tenant, lane, poller, grantSeconds },
      lines.flatMap(({ taken }) => taken),
    );
    await this.endMissed(
      tx,
      lines.flatMap(({ missed }) => missed.map(({ id }) => ({ tenantId: tenant, id }))),
    );
    await deferCopies(
      tx,
      tenant,
      lines.flatMap(({ deferred }) => deferred),
    );
    await noteLines(
      tx,
      tenant,
      lines.map((line) => line.note()),
    );
    return claims;
  }

  private async endMissed(tx: Queryable, missed: readonly Pick<DueClaim, 'tenantId' | 'id'>[]): Promise<void> {
    const ended = await endMissed(tx, missed);
    if (ended.length > 0) this.options.onMissed?.(ended);
  }
}
