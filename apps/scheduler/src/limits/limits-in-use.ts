import { claimMeters, gateMeter, isRate, type LimitRule, type Mode, Usage } from '#domain';
import { type LimitRow, type Queryable, readUses, type UsesAsk } from '#storage';
import { limitView, type LimitView } from './limit.view.js';

/** Limits with what was used of them in a mode. Needs a database of all whose they are. */
export async function limitsInUse(db: Queryable, mode: Mode, rows: readonly LimitRow[]): Promise<LimitView[]> {
  const common = rows.filter(({ scope }) => scope !== 'contact');
  const granted = await readUses(db, 'granted', mode, asksOf(common, false));
  const rates = await readUses(db, 'rates', mode, asksOf(common, true));
  return rows.map((row) =>
    limitView(
      row,
      row.scope === 'contact'
        ? undefined
        : { granted: granted.get(row.id) ?? new Usage(), rates: rates.get(row.id) ?? new Usage() },
    ),
  );
}

function asksOf(rows: readonly LimitRow[], rates: boolean): UsesAsk[] {
  return rows.flatMap(({ tenant_id: tenantId, id: limitId, rules, now }) => {
    const meters = rules.filter((rule) => rule.mode !== 'delay' && isRate(rule) === rates).flatMap(metersOf);
    if (meters.length === 0) return [];
    return [{ tenantId, limitId, sinceMs: Math.min(...meters.map(({ since }) => since(now.getTime()))) }];
  });
}

const metersOf = (rule: LimitRule) => (isRate(rule) ? [gateMeter(rule)] : claimMeters(rule));
