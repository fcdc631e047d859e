import {
  admission,
  afterAttempt,
  type Breaker,
  type BreakerMove,
  type BreakerTimings,
  CLOSED,
  healthOf,
  probing,
} from '#couriers';
import { type Outcome, type ProviderId, publicId } from '#domain';
import { type BreakerRow, type Database, errorWords, moveBreaker, readBreakers } from '#storage';
import type { Facts, Logger } from '#telemetry';

/** A sender looks at the rows that all senders share so often at most. */
const LOOK_MS = 1_000;
/** While a probe is under way nobody knows how long it takes: what waits looks again soon. */
const PROBED_SECONDS = 5;

interface Known {
  readonly breaker: Breaker;
  /** Of the row that was read; null: there is none. */
  readonly changed: string | null;
  readonly readAtMs: number;
}

export interface ProviderBreakersParts {
  readonly db: Pick<Database, 'query'>;
  readonly providers: readonly ProviderId[];
  readonly timings: BreakerTimings;
  readonly log: Logger;
  readonly facts: Pick<Facts, 'providerBreaker'>;
  readonly monotonicMs?: () => number;
}

/** What this sender knows of the breakers of its providers, and how it moves them: by what it read, so two senders agree. */
export class ProviderBreakers {
  /** Called when a breaker opened, here or by another sender. */
  onShut: (providerId: ProviderId) => void = () => undefined;
  private readonly known = new Map<ProviderId, Known>();
  private readonly faultsInRow = new Map<ProviderId, number>();
  private readonly monotonicMs: () => number;
  private looking: Promise<void> | undefined;
  private lookedAtMs = -Infinity;

  constructor(private readonly parts: ProviderBreakersParts) {
    this.monotonicMs = parts.monotonicMs ?? (() => performance.now());
    for (const id of parts.providers) parts.facts.providerBreaker(publicId('provider', id), 'closed');
  }

  /** The breaker as it was read, a second ago at most; its time goes on meanwhile. */
  breaker(providerId: ProviderId): Breaker {
    const known = this.known.get(providerId);
    if (!known) return CLOSED;
    const passedSeconds = (this.monotonicMs() - known.readAtMs) / 1000;
    return { ...known.breaker, leftSeconds: known.breaker.leftSeconds - passedSeconds };
  }

  /**
   * Until an attempt may be made of mail that met a fault, or found the breaker open. While others pass, the fault may be
   * its sender's: then the longer it has waited, the longer it waits, so that it does not ask every half minute for a day.
   */
  backSeconds(providerId: ProviderId, waitedSeconds = 0): number {
    const { state, leftSeconds } = this.breaker(providerId);
    if (state === 'closed') return Math.max(this.parts.timings.openSeconds, waitedSeconds / 2);
    if (state === 'open' && leftSeconds > 0) return leftSeconds;
    return leftSeconds > 0 ? Math.min(leftSeconds, PROBED_SECONDS) : PROBED_SECONDS;
  }

  /** Reads the rows again, if that is a second ago. While the database is away what was known holds: no dot is written then. */
  async look(): Promise<void> {
    if (this.monotonicMs() - this.lookedAtMs < LOOK_MS) return this.looking;
    this.lookedAtMs = this.monotonicMs();
    this.looking = this.read().catch(() => undefined);
    return this.looking;
  }

  /** Whether an attempt may begin; `probe`: it is the one that decides for all senders. */
  async admit(providerId: ProviderId): Promise<'go' | 'probe' | 'wait'> {
    await this.look();
    const answer = admission(this.breaker(providerId));
    if (answer !== 'probe') return answer;
    const won = await this.move(providerId, probing(this.breaker(providerId), this.parts.timings), 0, null);
    return won ? 'probe' : 'wait';
  }

  /** Learns from an attempt that was made. */
  async ended(providerId: ProviderId, outcome: Outcome, isProbe: boolean): Promise<void> {
    const health = healthOf(outcome);
    const faultsInRow = health === 'well' ? 0 : (this.faultsInRow.get(providerId) ?? 0) + 1;
    this.faultsInRow.set(providerId, faultsInRow);
    const move = afterAttempt(this.breaker(providerId), health, { faultsInRow, isProbe }, this.parts.timings);
    if (move) await this.move(providerId, move, faultsInRow, wordsOf(outcome));
  }

  /** Whether it was this sender that moved it. Nobody did, if the database is away: then the next attempt tries. */
  private async move(
    providerId: ProviderId,
    { state, opened, seconds }: BreakerMove,
    faults: number,
    error: string | null,
  ): Promise<boolean> {
    const changed = this.known.get(providerId)?.changed ?? null;
    const change = { state, opened, seconds, faults, error };
    try {
      const row = await moveBreaker(this.parts.db, providerId, changed, change);
      if (row) this.remember(row, error);
      else await this.read(); // another sender was faster
      return row !== undefined;
    } catch (cause) {
      this.parts.log.warn({ err: cause, provider: publicId('provider', providerId) }, 'a breaker could not be moved');
      return false;
    }
  }

  private async read(): Promise<void> {
    for (const row of await readBreakers(this.parts.db, this.parts.providers)) this.remember(row, null);
  }

  private remember(row: BreakerRow, error: string | null): void {
    const before = this.known.get(row.provider_id)?.breaker ?? CLOSED;
    const breaker: Breaker = { state: row.state, opened: row.opened, leftSeconds: row.left_seconds };
    this.known.set(row.provider_id, { breaker, changed: row.changed, readAtMs: this.monotonicMs() });
    if (before.state === breaker.state && before.opened === breaker.opened) return;
    this.tell(row, before, error);
    if (before.state === 'closed') this.onShut(row.provider_id);
  }

  private tell(row: BreakerRow, before: Breaker, error: string | null): void {
    const { log, facts } = this.parts;
    const provider = publicId('provider', row.provider_id);
    facts.providerBreaker(provider, row.state);
    const details = { provider, opened: row.opened, error: error ?? undefined };
    if (row.state === 'open') {
      log.warn(details, `the provider is taken for down: its mail waits ${Math.round(row.left_seconds)} s`);
    } else if (row.state === 'half_open') log.info(details, 'one message is sent to see whether the provider is well');
    else if (before.state !== 'closed') log.info(details, 'the provider is well again');
  }
}

const wordsOf = (outcome: Outcome): string | null =>
  'error' in outcome
    ? (errorWords('reply' in outcome ? outcome.reply : null, outcome.error)?.slice(0, 512) ?? null)
    : null;
