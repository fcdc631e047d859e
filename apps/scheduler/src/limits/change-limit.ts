import { type EmailId, formatScope, hourlyLimitIn, type LimitRule, type LimitScope, pacedRules } from '#domain';
import { type Caller, Problem, requireVersion } from '#http';
import {
  type CampaignPacing,
  changeLimit,
  createLimit,
  getLimit,
  holdCampaignPacing,
  type LimitRow,
  lockLimit,
  lockPacedLimit,
  planFreeing,
  type Queryable,
  removeLimit,
  setHourlyLimit,
  wakeLines,
} from '#storage';
import { campaignIn, noSuchLimit, requireProvider } from './find-limit.js';
import { isShown } from './limit.view.js';
import { limitsInUse } from './limits-in-use.js';

/** What `If-Match` says: nothing, any version, or one. */
export type IfMatch = { readonly given: boolean; readonly version: number | undefined };

/**
 * Gives a scope its rules, live at once; what was used counts on. Throws the problems `not_found`, `if_match_required` and
 * `version_mismatch`.
 */
export async function putLimit(
  tx: Queryable,
  caller: Caller,
  scope: LimitScope,
  rules: readonly LimitRule[],
  ifMatch: IfMatch,
): Promise<{ readonly row: LimitRow; readonly isNew: boolean }> {
  const campaign = await holdNamed(tx, caller, scope);
  const isThere = campaign !== undefined || (await getLimit(tx, caller.tenantId, scope)) !== undefined;
  if (isThere) await wakeLines(tx, caller.tenantId); // else when what was used before has been counted
  const before = isThere ? await lockNamed(tx, caller, scope, campaign) : undefined;
  await requireSeen(tx, caller, scope, before, ifMatch);
  const all = campaign ? await pacedAnew(tx, caller, campaign, rules) : rules;
  if (before) {
    await planFreeing(tx, before);
    return { row: await changeLimit(tx, before, all), isNew: !isShown(before) };
  }
  const made = await createLimit(tx, caller.tenantId, scope, all);
  if (!made) throw seeItFirst(); // somebody made one meanwhile
  return { row: made, isNew: true };
}

/** Lets a scope send without a limit. Throws the problems `not_found` and `version_mismatch`. */
export async function deleteLimit(tx: Queryable, caller: Caller, scope: LimitScope, ifMatch: IfMatch): Promise<void> {
  const campaign = await holdNamed(tx, caller, scope);
  await wakeLines(tx, caller.tenantId);
  const before = await lockNamed(tx, caller, scope, campaign);
  if (!before || !isShown(before)) throw noSuchLimit();
  await requireIts(tx, caller, before, ifMatch.version);
  await planFreeing(tx, before);
  const left = campaign ? await pacedAnew(tx, caller, campaign, []) : [];
  if (left.length > 0) await changeLimit(tx, before, left);
  else await removeLimit(tx, before);
}

interface HeldCampaign {
  readonly id: EmailId;
  readonly pacing: CampaignPacing;
}

/** Makes sure that there is what a scope names; a campaign stays as it is until the transaction ends. */
async function holdNamed(tx: Queryable, caller: Caller, scope: LimitScope): Promise<HeldCampaign | undefined> {
  requireProvider(scope);
  const id = campaignIn(scope);
  if (id === undefined) return undefined;
  const pacing = await holdCampaignPacing(tx, caller, id);
  if (!pacing) throw noSuchLimit();
  return { id, pacing };
}

const lockNamed = (
  tx: Queryable,
  { tenantId }: Caller,
  scope: LimitScope,
  campaign: HeldCampaign | undefined,
): Promise<LimitRow | undefined> =>
  campaign ? lockPacedLimit(tx, tenantId, campaign.id, campaign.pacing) : lockLimit(tx, tenantId, scope);

/** The rule of a rolling hour is the `hourlyLimit` of the campaign; its delay stays whatever the rules are. */
async function pacedAnew(
  tx: Queryable,
  { tenantId }: Caller,
  { id, pacing }: HeldCampaign,
  rules: readonly LimitRule[],
): Promise<LimitRule[]> {
  const hourlyLimit = hourlyLimitIn(rules);
  await setHourlyLimit(tx, tenantId, id, hourlyLimit);
  return pacedRules(rules, { ...pacing, hourlyLimit });
}

async function requireSeen(
  tx: Queryable,
  caller: Caller,
  scope: LimitScope,
  before: LimitRow | undefined,
  { given, version }: IfMatch,
): Promise<void> {
  if (before && isShown(before)) {
    if (!given) throw seeItFirst();
    return requireIts(tx, caller, before, version);
  }
  if (!given) return;
  const current = { object: 'limit', scope: formatScope(scope), rules: [], version: 0 };
  const detail = 'There is no limit of this scope yet. Make one without If-Match.';
  throw new Problem('version_mismatch', detail, { current });
}

async function requireIts(
  tx: Queryable,
  { mode }: Caller,
  before: LimitRow,
  version: number | undefined,
): Promise<void> {
  if (version === undefined || version === before.version) return;
  const [current] = await limitsInUse(tx, mode, [before]);
  requireVersion(version, before.version, current ?? {});
}

const seeItFirst = (): Problem =>
  new Problem('if_match_required', 'There is a limit of this scope. Read it and send its ETag as If-Match.');
