import { campaignRules, campaignScope, type LimitRule, type TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { changeLimit, createLimit } from '../limits/limit-rows.js';
import { chargeQueued } from '../limits/past-use.js';
import { type HeldLimit, type HeldLine, lockLimits } from './lock-lines.js';

/**
 * The limits that may bind lines of a tenant, held until the transaction ends. What a campaign's pacing says is among them:
 * the campaign is where it is wished, so a change of it there is live with the next claim.
 */
export async function holdLimits(tx: Queryable, tenantId: TenantId, lines: readonly HeldLine[]): Promise<HeldLimit[]> {
  const scopes = lines.flatMap(({ email_id: id }) => (id === null ? [] : [campaignScope(id)]));
  const limits = await lockLimits(tx, tenantId, scopes);
  for (const limit of limits.filter((one) => one.is_young)) await chargeQueued(tx, limit);
  const changes = lines.filter((line) => !isPaced(line, limits));
  if (changes.length === 0) return limits;
  for (const line of changes) await pace(tx, tenantId, line, limits);
  return lockLimits(tx, tenantId, scopes);
}

/** Whether the limit of a campaign says what its pacing says. */
function isPaced(line: HeldLine, limits: readonly HeldLimit[]): boolean {
  const stored = limitOf(line, limits)?.rules.filter(isOfPacing) ?? [];
  const wished = pacingOf(line);
  return (
    stored.length === wished.length &&
    wished.every((rule) =>
      stored.some((one) => one.mode === rule.mode && one.max === rule.max && one.windowSeconds === rule.windowSeconds),
    )
  );
}

async function pace(tx: Queryable, tenantId: TenantId, line: HeldLine, limits: readonly HeldLimit[]): Promise<void> {
  const limit = limitOf(line, limits);
  const rules = [...pacingOf(line), ...(limit?.rules.filter((rule) => !isOfPacing(rule)) ?? [])];
  if (limit) await changeLimit(tx, limit, rules);
  else if (line.email_id !== null) await createLimit(tx, tenantId, campaignScope(line.email_id), rules);
}

const pacingOf = ({ email_id: id, delay_seconds: delaySeconds, hourly_limit: hourlyLimit }: HeldLine) =>
  id === null ? [] : campaignRules({ delaySeconds, hourlyLimit });

/** Which rules of a campaign's limit its pacing makes. */
const isOfPacing = ({ mode, windowSeconds, burst }: LimitRule): boolean =>
  mode === 'delay' || (mode === 'rolling' && windowSeconds === 3_600 && burst === null);

const limitOf = ({ email_id: id }: HeldLine, limits: readonly HeldLimit[]): HeldLimit | undefined =>
  id === null ? undefined : limits.find(({ scope }) => scope === campaignScope(id));
