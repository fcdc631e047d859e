import { RECIPIENT, type SendWindows, UTC, type Wish } from '#domain';
import { type Caller, invalid } from '#http';
import {
  type CampaignRow,
  type Database,
  findSuppressions,
  firstMade,
  firstUnmade,
  limitsLeftOut,
  listRejected,
  readNow,
  readRemaining,
  readSettings,
} from '#storage';
import type { CampaignRequest } from '../campaigns/campaign.schema.js';
import { decide } from '../campaigns/create-campaign.js';
import { dueIn, type Start } from '../campaigns/due-times.js';
import { readAudience } from '../campaigns/read-audience.js';
import { written } from '../emails/fields.js';
import type { DefaultFrom } from '../settings/default-from.js';
import { NOTHING_CHOSEN } from '../settings/settings.view.js';
import { type PlannedLine, planLine } from './plan-line.js';
import { runsFrom, scheduleOfNext } from './planned-runs.js';
import type { PlannedAudience } from './plan.view.js';

const PLAIN = { delaySeconds: 0, hourlyLimit: null, spread: 'even', weight: 1 } as const;
const MOST_REJECTED = 100;
const MOST_LEFT_OUT = 20;

/** The plan of a campaign that somebody wishes; nothing is stored. Throws the problem `validation_failed`. */
export async function planWish(
  { db, defaultFrom }: { readonly db: Database; readonly defaultFrom: DefaultFrom },
  caller: Caller,
  wish: CampaignRequest,
  items: number,
): Promise<PlannedAudience> {
  const own = db.of(caller.tenantId);
  const tenant = await tenantOf(db, caller);
  const decision = decide(wish, tenant.nowMs, tenant.windows);
  if (decision.kind === 'invalid') throw invalid(decision.errors);
  const { startAt, needs, windows, wish: schedule, repeat } = decision.decided;
  const { recipients, rejected, ...read } = readAudience(wish.recipients ?? [], needs);
  const found =
    recipients.length === 0
      ? []
      : await findSuppressions(
          own,
          caller,
          recipients.map(({ key }) => key),
        );
  const stopped = new Set(found.map(({ recipient_key: key }) => key));
  const startMs = startAt?.getTime() ?? tenant.nowMs;
  const runs = runsFrom({ repeat, wish: schedule, startMs }, startMs);
  const start = startOf(scheduleOfNext(schedule, runs), windows, new Date(startMs), tenant);
  const inTime = recipients
    .map(({ key, address, timeZone }) => ({ key, address, due: dueIn(timeZone ?? '', start) }))
    .filter(({ due }) => !due.isSkipped);
  const going = inTime
    .filter(({ key }) => !stopped.has(key))
    .map(({ address, due }) => ({ address, dueMs: due.dueAt.getTime() }))
    .toSorted((one, other) => one.dueMs - other.dueMs);
  const plan = await planLine(db, {
    ...lineOf(caller, tenant, windows, items),
    emailId: '',
    sender: written(wish.from ?? (await defaultFrom.of(caller.tenantId))),
    pacing: wish.pacing ?? PLAIN,
    pacedMs: null,
    startMs,
    recipients: going.map(({ dueMs }) => dueMs),
  });
  const addresses = going.map(({ address }) => address);
  const leftOut = await limitsLeftOut(own, caller.tenantId, MOST_LEFT_OUT);
  return {
    plan,
    addresses,
    suppressed: inTime.length - going.length,
    skipped: recipients.length - inTime.length,
    runs,
    leftOut,
    rejected: rejected.slice(0, MOST_REJECTED),
    ...read,
  };
}

/** What is left of the plan of a campaign: of those who wait, and of those who have no copy yet. */
export async function planRemaining(
  db: Database,
  caller: Caller,
  campaign: CampaignRow,
  items: number,
): Promise<PlannedAudience> {
  const own = db.of(caller.tenantId);
  const tenant = await tenantOf(db, caller);
  const ref = { tenantId: caller.tenantId, mode: caller.mode, id: campaign.id };
  const runs = runsOf(campaign, tenant.nowMs);
  const startMs = runs[0] ?? campaign.scheduled_at.getTime();
  const start = startOf(scheduleOfNext(campaign.wish, runs), campaign.windows, new Date(startMs), tenant);
  const isSkipped = (zone: string): boolean => dueIn(zone, start).isSkipped;
  const { made, unmade, skipped, suppressed, pacedMs } = isOver(campaign, runs)
    ? NOTHING_LEFT
    : await readRemaining(own, ref, isSkipped);
  const zones = unmade
    .map(({ zone, count }) => ({ zone, count, dueMs: dueIn(zone, start).dueAt.getTime() }))
    .toSorted((one, other) => one.dueMs - other.dueMs);
  const groups = [...made, ...zones].toSorted((one, other) => one.dueMs - other.dueMs);
  const plan = await planLine(db, {
    ...lineOf(caller, tenant, campaign.windows, items),
    emailId: campaign.id,
    sender: campaign.from_mailbox,
    pacing: pacingOf(campaign),
    pacedMs,
    startMs,
    recipients: instants(groups, suppressed),
  });
  const dueOf = new Map(zones.map(({ zone, dueMs }) => [zone, dueMs]));
  const first = made.length === 0 ? [] : await firstMade(own, ref, items);
  const open = zones.map(({ zone }) => zone);
  const next = open.length === 0 ? [] : await firstUnmade(own, ref, items, open);
  const addresses = [...first, ...next.map(({ address, zone }) => ({ address, dueMs: dueOf.get(zone) ?? 0 }))]
    .toSorted((one, other) => one.dueMs - other.dueMs)
    .map(({ address }) => address);
  const rejected = await listRejected(own, ref, { limit: MOST_REJECTED });
  const leftOut = await limitsLeftOut(own, caller.tenantId, MOST_LEFT_OUT);
  const { merged, bad_time_zones: badTimeZones } = campaign;
  const left = { rejected: rejected.slice(0, MOST_REJECTED), leftOut };
  return { plan, addresses, suppressed, skipped, merged, badTimeZones, runs, ...left };
}

/** Nobody gets anything of it any more, though recipients without a copy are left. */
const isOver = ({ status, repeat }: CampaignRow, runs: readonly number[]): boolean =>
  status === 'cancelled' || (repeat !== null && runs.length === 0);

const NOTHING_LEFT = { made: [], unmade: [], skipped: 0, suppressed: 0, pacedMs: null } as const;

/** The runs of a campaign that are to come, if it repeats; of those that a pause held up, only what comes after it. */
function runsOf({ repeat, wish, status, scheduled_at: startAt, next_at: next }: CampaignRow, nowMs: number): number[] {
  const from = status === 'draft' ? nowMs : next?.getTime();
  if (from === undefined || status === 'cancelled') return [];
  return runsFrom({ repeat, wish, startMs: startAt.getTime() }, status === 'paused' ? Math.max(nowMs, from) : from);
}

interface Tenant {
  readonly nowMs: number;
  readonly windows: SendWindows;
  readonly timeZone: string | undefined;
  readonly reserve: number;
}

async function tenantOf(db: Database, { tenantId }: Caller): Promise<Tenant> {
  const own = db.of(tenantId);
  const settings = await readSettings(own, tenantId);
  return {
    nowMs: Math.floor(await readNow(own)),
    windows: settings?.windows ?? [],
    timeZone: settings?.time_zone,
    reserve: settings?.transactional_reserve ?? NOTHING_CHOSEN.transactional_reserve,
  };
}

const startOf = (wish: Wish | null, windows: SendWindows, scheduledAt: Date, tenant: Tenant): Start => ({
  wish,
  windows: windows.filter(({ timeZone }) => timeZone === RECIPIENT),
  scheduledAt,
  nowMs: tenant.nowMs,
  tenantZone: tenant.timeZone,
});

const lineOf = (
  { tenantId, mode }: Caller,
  tenant: Tenant,
  windows: SendWindows,
  items: number,
): Pick<PlannedLine, 'tenantId' | 'mode' | 'windows' | 'timeZone' | 'reserve' | 'nowMs' | 'items'> => ({
  tenantId,
  mode,
  windows: [tenant.windows, windows],
  timeZone: tenant.timeZone ?? UTC,
  reserve: tenant.reserve,
  nowMs: tenant.nowMs,
  items,
});

const pacingOf = ({ delay_seconds: delaySeconds, hourly_limit: hourlyLimit, spread, weight }: CampaignRow) => ({
  delaySeconds,
  hourlyLimit,
  spread,
  weight,
});

/** An instant for each that is sent to; whoever is suppressed is taken from the end. */
function instants(groups: readonly { readonly dueMs: number; readonly count: number }[], suppressed: number) {
  const total = Math.max(0, groups.reduce((sum, { count }) => sum + count, 0) - suppressed);
  const all = new Float64Array(total);
  let from = 0;
  for (const { dueMs, count } of groups) {
    all.fill(dueMs, from, from + count);
    from += count;
  }
  return all;
}
