import { ALL_TENANTS, type EmailId, type LimitScope, parseScope, PROVIDER_IDS } from '#domain';
import { type Caller, Problem } from '#http';
import { type Database, getLimit, hasCampaign, type LimitRow, type Queryable } from '#storage';
import { isShown } from './limit.view.js';

/** One same answer for what is no scope, for what a scope names and is not there, and for a scope without a limit. */
export const noSuchLimit = (): Problem =>
  new Problem(
    'not_found',
    'There is no such limit. Scopes are tenant, contact, sender:{address or domain}, provider:{prv_...}, domain:{group}, campaign:{cmp_...}.',
  );

/** The scope that a path names. Throws the problem `not_found`. */
export function scopeIn(text: string): LimitScope {
  const parsed = parseScope(text);
  if (parsed.kind === 'bad') throw noSuchLimit();
  return parsed.scope;
}

/** The campaign that a scope is of. */
export const campaignIn = (scope: LimitScope): EmailId | undefined =>
  scope.startsWith('campaign:') ? (scope.slice('campaign:'.length) as EmailId) : undefined;

/** Throws the problem `not_found` where a scope names what is not there for this caller. */
export async function requireNamed(db: Queryable, caller: Caller, scope: LimitScope): Promise<void> {
  const campaign = campaignIn(scope);
  if (campaign && !(await hasCampaign(db, caller, campaign))) throw noSuchLimit();
  if (scope.startsWith('provider:') && !PROVIDER_IDS.some((id) => scope === `provider:${id}`)) throw noSuchLimit();
}

/** The database of whoever a scope's limits are. */
export const ownersOf = (db: Database, { tenantId }: Caller) => db.of(tenantId, ALL_TENANTS);

/** The limit that a path names. Throws the problem `not_found`. */
export async function findLimit(db: Queryable, caller: Caller, scope: LimitScope): Promise<LimitRow> {
  await requireNamed(db, caller, scope);
  const row = await getLimit(db, scope === 'global' ? ALL_TENANTS : caller.tenantId, scope);
  if (!row || !isShown(row)) throw noSuchLimit();
  return row;
}
