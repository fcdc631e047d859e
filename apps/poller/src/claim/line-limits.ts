import {
  allowance,
  claimMeters,
  type Gauge,
  isOfLine,
  isOfPacing,
  isShared,
  type Lane,
  type LimitedCopy,
  type LimitScope,
  type Meter,
  type Pot,
  scopesOf,
  type Usage,
  usageKey,
} from '#domain';
import { type HeldLimit, type Queryable, readGranted } from '#storage';

export interface LineLimitsOptions {
  readonly limits: readonly HeldLimit[];
  readonly lane: Lane;
  /** The part of shared limits that is kept for the transactional lane. */
  readonly reserve: number;
  readonly nowMs: number;
}

interface Metered {
  readonly limit: HeldLimit;
  readonly meters: readonly Meter[];
}

/** One limit under one key. */
interface Account extends Metered {
  readonly usage: Usage;
  readonly pot: Pot;
}

/** What held limits still give: read once for each key, counted down by what is taken. */
export class LineLimits {
  private readonly byScope: ReadonlyMap<LimitScope, Metered>;
  private readonly accounts = new Map<string, Account>();
  private readonly byPot = new Map<Pot, Account>();

  constructor(private readonly options: LineLimitsOptions) {
    this.byScope = new Map(options.limits.map((limit) => [limit.scope, this.metered(limit)]));
  }

  /** Reads what was used of all limits that copies need, as far as it is not known yet. */
  async read(tx: Queryable, copies: readonly LimitedCopy[]): Promise<void> {
    const unknown = new Map<string, Metered & { readonly key: string }>();
    for (const copy of copies) {
      for (const metered of this.limitsOf(copy)) {
        const key = usageKey(metered.limit.scope, copy);
        if (!this.accounts.has(nameOf(metered, key))) unknown.set(nameOf(metered, key), { ...metered, key });
      }
    }
    const asks = [...unknown.values()].map(({ limit, meters, key }) => ({ limit, key, sinceMs: this.since(meters) }));
    const usages = await readGranted(tx, asks);
    [...unknown].forEach(([name, metered], i) => this.open(name, metered, usages[i]));
  }

  /** Whether there are no limits but those that campaigns make for themselves. */
  get areOfPacing(): boolean {
    return this.options.limits.every(({ scope, rules }) => scope.startsWith('campaign:') && rules.every(isOfPacing));
  }

  /** The limits that are the same for a whole line. @param copy any one of it */
  gaugesOf(copy: LimitedCopy, isMixed: boolean): Gauge[] {
    return this.accountsOf(copy)
      .filter(({ limit }) => isOfLine(limit.scope, isMixed))
      .flatMap(({ limit, meters, usage }) => meters.map((meter) => ({ scope: limit.scope, meter, usage })));
  }

  /** What a copy is granted from. */
  potsOf(copy: LimitedCopy): Pot[] {
    return this.accountsOf(copy).map(({ pot }) => pot);
  }

  /** A copy went. */
  taken(pots: readonly Pot[]): void {
    for (const pot of pots) this.byPot.get(pot)?.usage.add(this.options.nowMs, 1);
  }

  /** When a limit that is empty gives again, and how far apart it gives. */
  freesAt(pot: Pot): { readonly nextMs: number; readonly everyMs: number } {
    const { nowMs } = this.options;
    const { meters, usage } = this.byPot.get(pot) ?? { meters: [], usage: undefined };
    const waits = meters.map((meter) => ({
      nextMs: (usage && allowance(meter, usage, nowMs).nextFreeMs) ?? nowMs,
      everyMs: (meter.rule.windowSeconds * 1000) / meter.max,
    }));
    return waits.reduce((last, one) => (one.nextMs > last.nextMs ? one : last), { nextMs: nowMs, everyMs: 0 });
  }

  private metered(limit: HeldLimit): Metered {
    const { lane, reserve } = this.options;
    const kept = lane === 'bulk' && isShared(limit.scope) ? reserve : 0;
    return { limit, meters: limit.rules.flatMap((rule) => claimMeters(rule, kept)) };
  }

  private open(name: string, { limit, meters }: Metered, usage: Usage | undefined): void {
    if (!usage) throw new Error('the use of a limit was not read');
    const free = Math.min(Infinity, ...meters.map((meter) => allowance(meter, usage, this.options.nowMs).free));
    const account = { limit, meters, usage, pot: { limitId: limit.id, scope: limit.scope, free } };
    this.accounts.set(name, account);
    this.byPot.set(account.pot, account);
  }

  private accountsOf(copy: LimitedCopy): Account[] {
    return this.limitsOf(copy).flatMap(
      (metered) => this.accounts.get(nameOf(metered, usageKey(metered.limit.scope, copy))) ?? [],
    );
  }

  private limitsOf(copy: LimitedCopy): Metered[] {
    if (this.byScope.size === 0) return [];
    return scopesOf(copy).flatMap((scope) => this.byScope.get(scope) ?? []);
  }

  private since(meters: readonly Meter[]): number {
    const { nowMs } = this.options;
    return Math.min(nowMs, ...meters.map((meter) => meter.since(nowMs)));
  }
}

const nameOf = ({ limit }: Metered, key: string): string => `${limit.id} ${key}`;
