import type { EmailId, LimitRule, LimitScope } from '#domain';
import { campaignRules } from '#domain';
import { type Caller, Problem, requireVersion } from '#http';
import {
  changeLimit,
  createLimit,
  holdCampaignPacing,
  type LimitRow,
  lockLimit,
  type Queryable,
  removeLimit,
  setHourlyLimit,
  wakeLines,
} from '#storage';
import { campaignIn, noSuchLimit, requireNamed } from './find-limit.js';
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
  await wakeLines(tx, caller.tenantId);
  const before = await lockLimit(tx, caller.tenantId, scope);
  await requireSeen(tx, caller, before, ifMatch);
  if (campaign) await setHourlyLimit(tx, caller.tenantId, campaign.id, hourlyLimitIn(rules));
  const all = [...rules, ...(campaign?.delays ?? [])];
  if (before) return { row: await changeLimit(tx, before, all), isNew: !isShown(before) };
  const made = await createLimit(tx, caller.tenantId, scope, all);
  if (!made) throw seeItFirst(); // somebody made one meanwhile
  return { row: made, isNew: true };
}

/** Lets a scope send without a limit. Throws the problems `not_found` and `version_mismatch`. */
export async function deleteLimit(tx: Queryable, caller: Caller, scope: LimitScope, ifMatch: IfMatch): Promise<void> {
  const campaign = await holdNamed(tx, caller, scope);
  await wakeLines(tx, caller.tenantId);
  const before = await lockLimit(tx, caller.tenantId, scope);
  if (!before || !isShown(before)) throw noSuchLimit();
  await requireIts(tx, caller, before, ifMatch.version);
  if (campaign) await setHourlyLimit(tx, caller.tenantId, campaign.id, null);
  if (campaign && campaign.delays.length > 0) await changeLimit(tx, before, campaign.delays);
  else await removeLimit(tx, before);
}

interface HeldCampaign {
  readonly id: EmailId;
  /** What its pacing keeps, whatever the rules are. */
  readonly delays: readonly LimitRule[];
}

/** Makes sure that there is what a scope names; a campaign stays as it is until the transaction ends. */
async function holdNamed(tx: Queryable, caller: Caller, scope: LimitScope): Promise<HeldCampaign | undefined> {
  const id = campaignIn(scope);
  if (id === undefined) {
    await requireNamed(tx, caller, scope);
    return undefined;
  }
  const held = await holdCampaignPacing(tx, caller, id);
  if (!held) throw noSuchLimit();
  const pacing = { delaySeconds: held.delay_seconds, hourlyLimit: null, spread: 'burst', weight: 1 } as const;
  return { id, delays: campaignRules(pacing) };
}

/** The `hourlyLimit` of a campaign is its rule of a rolling hour. */
const hourlyLimitIn = (rules: readonly LimitRule[]): number | null =>
  rules.find(({ mode, windowSeconds, burst }) => mode === 'rolling' && windowSeconds === 3_600 && burst === null)
    ?.max ?? null;

async function requireSeen(
  tx: Queryable,
  caller: Caller,
  before: LimitRow | undefined,
  { given, version }: IfMatch,
): Promise<void> {
  if (before && isShown(before)) {
    if (!given) throw seeItFirst();
    return requireIts(tx, caller, before, version);
  }
  if (given) throw new Problem('version_mismatch', 'There is no limit of this scope yet. Make one without If-Match.');
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
