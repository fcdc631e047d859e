import { type DeliveryStatus, type Lane, LANES, parsePublicId, type ProcessId, type ProviderId } from '#domain';
import {
  arm,
  claimDue,
  type ClaimedDelivery,
  type Database,
  loadClaimed,
  newId,
  settle,
  type SettleAsk,
} from '#storage';
import { openFree } from '#testing';

/** Far enough to claim what a test scheduled for later. */
export const ANY_TIME_MS = 400 * 86_400_000;

/** Takes deliveries where poller and sender would take them, by the statements that these use. */
export class WorkDeliveries {
  private constructor(readonly db: Database) {}

  static on(databaseUrl: string): WorkDeliveries {
    return new WorkDeliveries(openFree(databaseUrl, 2));
  }

  /** Claims everything that is due (`scheduled -> queued`). */
  async claim(lookAheadMs = 0): Promise<ClaimedDelivery[]> {
    const request = { batch: 1000, watermarkMs: null, lookAheadMs, grantSeconds: 60, poller: newId<ProcessId>() };
    const claimed = await Promise.all(LANES.map((lane) => claimDue(this.db, { ...request, lane })));
    return loadClaimed(
      this.db,
      claimed.flatMap(({ claims }) => claims),
      newId<ProcessId>(),
    );
  }

  /** Claims everything that is due in the line of a campaign, as its poller would. */
  async claimLine(campaignId: string): Promise<ClaimedDelivery[]> {
    const line = parsePublicId('campaign', campaignId) ?? '';
    const { rows } = await this.db.query<{ paused: boolean }>({
      name: '',
      text: 'select paused from lines where line = $1',
      values: [line],
    });
    if (rows[0]?.paused !== false) return [];
    const request = { batch: 1000, watermarkMs: null, lookAheadMs: 0, grantSeconds: 60, poller: newId<ProcessId>() };
    const { claims } = await claimDue(this.db, { ...request, lane: line as Lane });
    return loadClaimed(this.db, claims, newId<ProcessId>());
  }

  /** Arms what was claimed (`queued -> sending`). */
  async arm(claimed: readonly ClaimedDelivery[]): Promise<void> {
    const providerId = newId<ProviderId>();
    const asks = claimed.map((one) => ({ ...one, providerId }));
    const answers = await arm(this.db, asks, newId<ProcessId>());
    const armed = answers.filter((answer) => answer !== undefined);
    if (armed.length < claimed.length) throw new Error(`${claimed.length} asked, ${armed.length} armed`);
  }

  /** Ends armed attempts; `held` is the ambiguous one that waits to be sent again. */
  async settle(claimed: readonly ClaimedDelivery[], end: keyof typeof ENDS): Promise<void> {
    await settle(
      this.db,
      claimed.map((one) => ({ ...NOTHING_KNOWN, ...one, attempt: one.attempt + 1, ...ENDS[end] })),
    );
  }

  stop(): Promise<void> {
    return this.db.stop();
  }
}

const ENDS = {
  sent: { status: 'sent', outcome: 'accepted', phase: 'reply_received' },
  failed: { status: 'failed', outcome: 'permanent', phase: 'reply_received', reason: 'smtp_permanent' },
  unknown: { status: 'unknown', outcome: 'unknown', phase: 'dot_released', reason: 'ambiguous' },
  held: { status: 'sending', outcome: 'unknown', phase: 'dot_released', holdSeconds: 600 },
  retry: { status: 'scheduled', outcome: 'temporary', phase: 'reply_received', delaySeconds: 600 },
} as const satisfies Record<string, Partial<SettleAsk> & { status: DeliveryStatus }>;

const NOTHING_KNOWN = {
  armed: true,
  counts: true,
  delaySeconds: 0,
  holdSeconds: 0,
  reason: null,
  reply: null,
  providerId: null,
  error: null,
  tookMs: 1,
  connectMs: null,
  envelopeMs: null,
  armMs: null,
  replyMs: null,
  event: null,
};
