import { domainsOf, GRANT_SLACK_MS, type LimitId, type LimitRule, type LimitScope, USAGE_GRAIN_MS } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

interface Limit {
  readonly id: LimitId;
  readonly scope: LimitScope;
  readonly rules: readonly LimitRule[];
}

const countStatement = sqlFile('./count-past-use.sql', import.meta.url);
const chargeStatement = sqlFile('./charge-queued.sql', import.meta.url);

/** Counts under a new limit what was sent before it, as far back as its rules look, and what is on its way. */
export async function countPastUse(tx: Queryable, limit: Limit): Promise<void> {
  const longest = Math.max(0, ...limit.rules.map(({ windowSeconds }) => windowSeconds));
  const seconds = longest + (GRANT_SLACK_MS + USAGE_GRAIN_MS) / 1000;
  await tx.query({ ...countStatement, values: [limit.id, seconds, domains(limit)] });
}

/** Charges a limit to what was granted without it. Done twice it is done once. */
export async function chargeQueued(tx: Queryable, limit: Pick<Limit, 'id' | 'scope'>): Promise<void> {
  await tx.query({ ...chargeStatement, values: [limit.id, domains(limit)] });
}

const domains = ({ scope }: Pick<Limit, 'scope'>): readonly string[] =>
  scope.startsWith('domain:') ? domainsOf(scope.slice('domain:'.length)) : [];
