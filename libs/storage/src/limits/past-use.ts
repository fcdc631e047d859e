import {
  domainsOf,
  GRANT_SLACK_MS,
  isRate,
  type LimitId,
  type LimitRule,
  type LimitScope,
  RATE_GRAIN_MS,
  RATE_SLACK_MS,
  USAGE_GRAIN_MS,
} from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

interface Limit {
  readonly id: LimitId;
  readonly scope: LimitScope;
  readonly rules: readonly LimitRule[];
}

const settledStatement = sqlFile('./count-settled-use.sql', import.meta.url);
const countStatement = sqlFile('./count-past-use.sql', import.meta.url);
const chargeStatement = sqlFile('./charge-queued.sql', import.meta.url);

/** Counts under a new limit what was sent long enough before it to stand still: who makes it shuts nobody out meanwhile. */
export async function countSettledUse(tx: Queryable, limit: Limit): Promise<void> {
  await tx.query({ ...settledStatement, values: [limit.id, reachOf(limit.rules).grants, boundDomains(limit)] });
}

/**
 * Counts under a limit what was sent before it, as far back as its rules look.
 * @param known rules that it has been counting by; none: it is new, and what stands still is counted
 */
export async function countPastUse(tx: Queryable, limit: Limit, known: readonly LimitRule[]): Promise<void> {
  const [wanted, had] = [reachOf(limit.rules), reachOf(known)];
  if (wanted.grants <= had.grants && wanted.rates <= had.rates) return;
  const values = [limit.id, wanted.grants, had.grants, wanted.rates, had.rates, boundDomains(limit)];
  await tx.query({ ...countStatement, values });
}

/** How far back rules look, in s; 0: not at all. Grants are dated whatever the rules, as far back as the longest of them. */
const reachOf = (rules: readonly LimitRule[]): { readonly grants: number; readonly rates: number } => ({
  grants: longest(rules, GRANT_SLACK_MS + USAGE_GRAIN_MS),
  rates: longest(rules.filter(isRate), RATE_SLACK_MS + RATE_GRAIN_MS),
});

const longest = (rules: readonly LimitRule[], slackMs: number): number =>
  rules.length === 0 ? 0 : Math.max(...rules.map(({ windowSeconds }) => windowSeconds)) + slackMs / 1000;

/** Charges a limit to what was granted without it. Nobody may grant of what it binds meanwhile. */
export async function chargeQueued(tx: Queryable, limit: Pick<Limit, 'id' | 'scope'>): Promise<void> {
  await tx.query({ ...chargeStatement, values: [limit.id, boundDomains(limit)] });
}

/** The recipient domains that a limit binds; none where it is no limit of domains. */
export const boundDomains = ({ scope }: Pick<Limit, 'scope'>): readonly string[] =>
  scope.startsWith('domain:') ? domainsOf(scope.slice('domain:'.length)) : [];
