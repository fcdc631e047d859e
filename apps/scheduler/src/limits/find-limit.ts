import { ALL_TENANTS, type EmailId, type LimitScope, parseScope, PROVIDER_IDS } from '#domain';
import { type Caller, Problem } from '#http';
import { type Database, getLimit, type LimitRow, readCampaignPacing } from '#storage';
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

/** Throws the problem `not_found` where a scope names a provider that is not there. */
export function requireProvider(scope: LimitScope): void {
  if (scope.startsWith('provider:') && !PROVIDER_IDS.some((id) => scope === `provider:${id}`)) throw noSuchLimit();
}

/** The database of whoever a scope's limits are. */
export const ownersOf = (db: Database, { tenantId }: Caller) => db.of(tenantId, ALL_TENANTS);

/** The limit that a path names. Throws the problem `not_found`. */
export async function findLimit(db: Database, caller: Caller, scope: LimitScope): Promise<LimitRow> {
  requireProvider(scope);
  const owner = scope === 'global' ? ALL_TENANTS : caller.tenantId;
  const campaign = campaignIn(scope);
  if (campaign && !(await readCampaignPacing(db.of(caller.tenantId), caller, campaign))) throw noSuchLimit();
  const row = await getLimit(ownersOf(db, caller), owner, scope);
  if (!row || !isShown(row)) throw noSuchLimit();
  return row;
}
