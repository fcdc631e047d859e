import { claimMeters, gateMeter, isRate, type LimitRule, type Mode, Usage } from '#domain';
import { type LimitRow, type Queryable, readGranted, readRates } from '#storage';
import { limitView, type LimitView } from './limit.view.js';

/** Limits with what was used of them in a mode. Needs a database of all whose they are. */
export async function limitsInUse(db: Queryable, mode: Mode, rows: readonly LimitRow[]): Promise<LimitView[]> {
  const common = rows.filter(({ scope }) => scope !== 'contact'); // of which each recipient has a use of its own
  const granted = await readGranted(db, common.map(grantedAsk(mode)));
  const grantedOf = new Map(common.map(({ id }, i) => [id, granted[i]]));
  const rates = await readRates(db, mode, common.map(ratesAsk));
  return rows.map((row) => {
    const use = { granted: grantedOf.get(row.id) ?? new Usage(), rates: rates.get(row.id) ?? new Usage() };
    return limitView(row, row.scope === 'contact' ? undefined : use);
  });
}

const grantedAsk = (key: Mode) => (limit: LimitRow) => ({
  limit,
  key,
  sinceMs: since(limit, (rule) => (isRate(rule) ? [] : claimMeters(rule))),
});

const ratesAsk = (limit: LimitRow) => ({
  tenantId: limit.tenant_id,
  limitId: limit.id,
  sinceMs: since(limit, (rule) => (isRate(rule) && rule.mode !== 'delay' ? [gateMeter(rule)] : [])),
});

function since({ rules, now }: LimitRow, metersOf: (rule: LimitRule) => ReturnType<typeof claimMeters>): number {
  const nowMs = now.getTime();
  return Math.min(nowMs, ...rules.flatMap(metersOf).map((meter) => meter.since(nowMs)));
}
