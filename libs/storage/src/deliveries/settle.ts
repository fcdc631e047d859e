import type { DeliveryId, DeliveryStatus, EmailId, Outcome, Phase, ProviderId, Reply } from '#domain';
import type { Queryable } from '../database.js';
import type { DeadLetter } from '../dead-letters/dead-letter.js';
import { newId } from '../new-id.js';
import type { OutboxEvent } from '../outbox/outbox-event.js';
import { sqlFile } from '../sql-file.js';
import { type Claim, claimColumns, claimKey, inLockOrder } from './claim.js';

/** The end of one attempt, ready to be stored. */
export interface SettleAsk extends Claim {
  readonly emailId: EmailId;
  /** `sending` keeps an ambiguous delivery on hold. */
  readonly status: Extract<DeliveryStatus, 'sent' | 'scheduled' | 'failed' | 'unknown' | 'sending' | 'suppressed'>;
  /** Whether the gate had said yes: which states the delivery may be in. */
  readonly armed: boolean;
  /** Whether the attempt counts; one that never reached the dot through our fault does not. */
  readonly counts: boolean;
  /** Until the next attempt, for `scheduled`. */
  readonly delaySeconds: number;
  /** Until an ambiguous delivery is sent again, for `sending`. */
  readonly holdSeconds: number;
  readonly reason: string | null;
  readonly reply: Reply | null;
  readonly providerId: ProviderId | null;
  readonly attempt: number;
  readonly phase: Phase;
  /** null: nothing was attempted, and no attempt is recorded. */
  readonly outcome: Exclude<Outcome['kind'], 'refused'> | null;
  readonly error: string | null;
  readonly tookMs: number;
  readonly connectMs: number | null;
  readonly envelopeMs: number | null;
  readonly armMs: number | null;
  readonly replyMs: number | null;
  readonly event: OutboxEvent | null;
  /** The address does not exist: from now on it is suppressed. */
  readonly isHardBounce?: boolean;
  /** What a person may want to send again; only with `failed`. */
  readonly deadLetter?: DeadLetter | null;
}

const statement = sqlFile('./settle.sql', import.meta.url);
const withConsequences = sqlFile('./settle-with-consequences.sql', import.meta.url);

/**
 * Stores the ends of attempts in one statement, or two where some have consequences; the ids that moved. Any other had been moved by somebody else.
 * Of two ends of the same claim (a record that Kafka repeated) the one that was armed is stored.
 */
export async function settle(db: Queryable, asks: readonly SettleAsk[]): Promise<Set<DeliveryId>> {
  const weightiest = new Map(asks.toSorted(byArmed).map((ask) => [claimKey(ask), ask]));
  const sorted = inLockOrder([...weightiest.values()]);
  const moved = new Set<DeliveryId>();
  for (const [query, some, columnsOf] of [
    [statement, sorted.filter((ask) => !hasConsequences(ask)), columns],
    [withConsequences, sorted.filter(hasConsequences), allColumns],
  ] as const) {
    if (some.length === 0) continue;
    const { rows } = await db.query<{ id: DeliveryId }>({ ...query, values: columnsOf(some) });
    for (const { id } of rows) moved.add(id);
  }
  return moved;
}

/** Few have any, and their statement costs more. */
const hasConsequences = ({ isHardBounce, deadLetter }: SettleAsk): boolean =>
  isHardBounce === true || (deadLetter !== undefined && deadLetter !== null);

const byArmed = (a: SettleAsk, b: SettleAsk): number => Number(a.armed) - Number(b.armed);

const columns = (asks: readonly SettleAsk[]): unknown[] => [
  ...claimColumns(asks),
  asks.map((ask) => ask.status),
  asks.map((ask) => ask.armed),
  asks.map((ask) => ask.counts),
  asks.map((ask) => ask.delaySeconds * 1000),
  asks.map((ask) => ask.holdSeconds * 1000),
  asks.map((ask) => ask.reason),
  asks.map((ask) => ask.reply?.code ?? null),
  asks.map((ask) => ask.reply?.enhanced ?? null),
  asks.map((ask) => ask.reply?.text ?? null),
  asks.map((ask) => ask.providerId),
  asks.map((ask) => ask.attempt),
  asks.map((ask) => ask.phase),
  asks.map((ask) => ask.outcome),
  asks.map((ask) => ask.error),
  asks.map((ask) => ask.tookMs),
  asks.map((ask) => ask.connectMs),
  asks.map((ask) => ask.envelopeMs),
  asks.map((ask) => ask.armMs),
  asks.map((ask) => ask.replyMs),
  asks.map((ask) => ask.event?.eventId ?? null),
  asks.map((ask) => ask.event?.topic ?? null),
  asks.map((ask) => ask.event?.key ?? null),
  asks.map((ask) => ask.event?.type ?? null),
  asks.map((ask) => ask.event?.eventVersion ?? null),
  asks.map((ask) => ask.event?.source ?? null),
  asks.map((ask) => ask.event?.data ?? null),
  asks.map((ask) => ask.emailId),
];

const allColumns = (asks: readonly SettleAsk[]): unknown[] => [
  ...columns(asks),
  asks.map((ask) => (ask.isHardBounce ? newId() : null)),
  asks.map((ask) => ask.deadLetter?.id ?? null),
  asks.map((ask) => ask.deadLetter?.eventId ?? null),
  asks.map((ask) => ask.deadLetter?.data ?? null),
  asks.map((ask) => ask.deadLetter && JSON.stringify(ask.deadLetter.conversation)),
  asks.map((ask) => ask.deadLetter?.jobId ?? null),
  asks.map((ask) => ask.deadLetter?.attempts ?? null),
  asks.map((ask) => ask.deadLetter?.error ?? null),
];
