import { campaignScope, isPaced, pacedRules, type TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { changeLimit, createHeldLimit, removeLimit } from '../limits/limit-rows.js';
import { type HeldLimit, type HeldLine, lockLimits } from './lock-lines.js';

/**
 * The limits that may bind lines of a tenant, held until the transaction ends. What a campaign's pacing says is among them:
 * the campaign is where it is wished, so a change of it there is live with the next claim.
 */
export async function holdLimits(tx: Queryable, tenantId: TenantId, lines: readonly HeldLine[]): Promise<HeldLimit[]> {
  const scopes = lines.flatMap(({ email_id: id }) => (id === null ? [] : [campaignScope(id)]));
  const limits = await lockLimits(tx, tenantId, scopes);
  const changes = lines.filter(
    (line) => line.email_id !== null && !isPaced(limitOf(line, limits)?.rules ?? [], pacingOf(line)),
  );
  if (changes.length === 0) return limits;
  for (const line of changes) await pace(tx, tenantId, line, limits);
  return lockLimits(tx, tenantId, scopes);
}

async function pace(tx: Queryable, tenantId: TenantId, line: HeldLine, limits: readonly HeldLimit[]): Promise<void> {
  const limit = limitOf(line, limits);
  const rules = pacedRules(limit?.rules ?? [], pacingOf(line));
  if (limit && rules.length === 0) await removeLimit(tx, limit);
  else if (limit) await changeLimit(tx, limit, rules);
  else if (line.email_id !== null) await createHeldLimit(tx, tenantId, campaignScope(line.email_id), rules);
}

const pacingOf = ({ delay_seconds: delaySeconds, hourly_limit: hourlyLimit }: HeldLine) => ({
  delaySeconds,
  hourlyLimit,
});

const limitOf = ({ email_id: id }: HeldLine, limits: readonly HeldLimit[]): HeldLimit | undefined =>
  id === null ? undefined : limits.find(({ scope }) => scope === campaignScope(id));
