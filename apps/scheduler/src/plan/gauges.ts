import {
  ALL_TENANTS,
  campaignRules,
  campaignScope,
  claimMeters,
  type Gauge,
  isShared,
  type Lane,
  type LimitedCopy,
  type LimitScope,
  type Meter,
  pacedRules,
  type Pacing,
  scopesOf,
  type TenantId,
  Usage,
  usageKey,
} from '#domain';
import { type Database, type LimitRow, readGranted, readLimits } from '#storage';

/** A copy, or what all copies of a campaign have in common, and what the claim knows of it. */
export interface Measured {
  readonly copy: LimitedCopy;
  readonly lane: Lane;
  /** The part of shared limits that is kept for the transactional lane. */
  readonly reserve: number;
  /** Of its campaign. */
  readonly pacing: Pick<Pacing, 'delaySeconds' | 'hourlyLimit'>;
}

interface Account {
  readonly limit: LimitRow;
  readonly key: string;
  readonly meters: readonly Meter[];
}

/** The limits that copies are under, with what was used of each: what the claim will ask, in the order of the copies. */
export async function readGauges(
  db: Database,
  tenantId: TenantId,
  measured: readonly Measured[],
  nowMs: number,
): Promise<readonly (readonly Gauge[])[]> {
  const scopes = [...new Set(measured.flatMap(({ copy }) => scopesOf(copy)))];
  const owners = db.of(tenantId, ALL_TENANTS);
  const byScope = new Map((await readLimits(owners, tenantId, scopes)).map((limit) => [limit.scope, limit]));
  const accounts = measured.map((one) => accountsOf(one, byScope));
  const asks = new Map(accounts.flat().map((account) => [nameOf(account), askOf(account, nowMs)]));
  const usages = await readGranted(owners, [...asks.values()]);
  const used = new Map([...asks.keys()].map((name, i) => [name, usages[i]]));
  return accounts.map((all, i) => [
    ...all.flatMap((account) => gaugesOf(account, used.get(nameOf(account)))),
    ...unusedGauges(measured[i], byScope),
  ]);
}

function accountsOf({ copy, lane, reserve, pacing }: Measured, byScope: ReadonlyMap<LimitScope, LimitRow>): Account[] {
  return scopesOf(copy).flatMap((scope) => {
    const limit = byScope.get(scope);
    if (!limit) return [];
    const kept = lane === 'bulk' && isShared(scope) ? reserve : 0;
    // Its pacing binds from a change on; its limit follows with the next claim.
    const rules = scope.startsWith('campaign:') ? pacedRules(limit.rules, pacing) : limit.rules;
    return [{ limit, key: usageKey(scope, copy), meters: rules.flatMap((rule) => claimMeters(rule, kept)) }];
  });
}

const nameOf = ({ limit, key }: Account): string => `${limit.id} ${key}`;

const askOf = ({ limit, key, meters }: Account, nowMs: number) => ({
  limit,
  key,
  sinceMs: Math.min(nowMs, ...meters.map((meter) => meter.since(nowMs))),
});

const gaugesOf = ({ limit, meters }: Account, usage: Usage | undefined): Gauge[] =>
  usage ? meters.map((meter) => ({ scope: limit.scope, meter, usage })) : [];

/** A campaign of which nothing was claimed has a limit all the same. */
function unusedGauges(one: Measured | undefined, byScope: ReadonlyMap<LimitScope, LimitRow>): Gauge[] {
  if (!one) return [];
  const scope = campaignScope(one.copy.emailId);
  if (byScope.has(scope)) return [];
  const usage = new Usage();
  const meters = campaignRules(one.pacing).flatMap((rule) => claimMeters(rule));
  return meters.map((meter) => ({ scope, meter, usage }));
}
