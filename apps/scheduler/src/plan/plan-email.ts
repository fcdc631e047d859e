import {
  bindingWindows,
  CLASS_DEFAULTS,
  chooseZone,
  type Gauge,
  type LineWait,
  lineTurn,
  nextOpening,
  PlanNotes,
  PROVIDERS,
  type SendWindows,
  USAGE_GRAIN_MS,
} from '#domain';
import { type Caller, Problem } from '#http';
import { type Database, type EmailRow, findSuppressions, readNow, readSettings } from '#storage';
import { decideEmail } from '../emails/decide-email.js';
import type { EmailRequest } from '../emails/email.schema.js';
import type { Emails } from '../emails/emails.js';
import { refused } from '../emails/refused.js';
import { NOTHING_CHOSEN } from '../settings/settings.view.js';
import { type Measured, readGauges } from './gauges.js';
import { addressIn } from './plan-line.js';
import type { PlannedAudience } from './plan.view.js';

/** The plan of an email that somebody wishes; nothing is stored. Throws the problem `validation_failed`. */
export async function planEmail(
  { db, emails }: { readonly db: Database; readonly emails: Emails },
  caller: Caller,
  wish: EmailRequest,
  most: number,
): Promise<PlannedAudience> {
  const result = await emails.schedule.run(caller, wish, { dryRun: true });
  const decision = decideEmail(wish);
  if (result.kind === 'invalid') throw refused(result);
  if (result.kind !== 'scheduled' || decision.kind === 'invalid') throw new Problem('internal', 'It was not planned.');
  const { recipients } = decision.email;
  const own = db.of(caller.tenantId);
  const found = await findSuppressions(
    own,
    caller,
    recipients.map(({ mailbox }) => mailbox.key),
  );
  const binding = found.filter(({ scope }) => scope === 'all' || decision.email.class === 'bulk');
  const stopped = new Set(binding.map(({ recipient_key: key }) => key));
  const going = recipients.map(({ mailbox }) => mailbox).filter(({ key }) => !stopped.has(key));
  const plan = await planCopies(db, caller, result.email, going, most);
  const doubles = wish.to.length + (wish.cc?.length ?? 0) + (wish.bcc?.length ?? 0) - recipients.length;
  return {
    plan,
    addresses: going.map(({ address }) => address),
    suppressed: stopped.size,
    skipped: 0,
    merged: doubles,
    badTimeZones: 0,
    runs: [],
    rejected: [],
    leftOut: [], // each copy is asked of all its limits
  };
}

async function planCopies(
  db: Database,
  { tenantId, mode }: Caller,
  email: EmailRow,
  going: readonly { readonly address: string; readonly key: string }[],
  most: number,
) {
  const own = db.of(tenantId);
  const settings = await readSettings(own, tenantId);
  const nowMs = Math.floor(await readNow(own));
  const measured = going.map(({ address, key }): Measured => ({
    copy: {
      mode,
      emailId: email.id,
      providerId: PROVIDERS[mode],
      sender: addressIn(email.from_mailbox),
      address,
      recipientKey: key,
    },
    lane: CLASS_DEFAULTS[email.class].lane,
    reserve: settings?.transactional_reserve ?? NOTHING_CHOSEN.transactional_reserve,
    pacing: { delaySeconds: 0, hourlyLimit: null },
  }));
  const gauges = await readGauges(db, tenantId, measured, nowMs);
  const tenantWindows = settings?.windows ?? [];
  const windows = bindingWindows({ class: email.class, tenantWindows, windows: email.windows });
  const { timeZone } = chooseZone([email.wish?.fallback, settings?.time_zone]);
  const startMs = Math.max(nowMs, email.scheduled_at.getTime());
  const turns = gauges.map((ofCopy) => turnOf(ofCopy, windows, timeZone, startMs));
  const notes = new PlanNotes(most);
  for (const { atMs, waits } of turns.toSorted((one, other) => one.atMs - other.atMs)) notes.sent(atMs, 1, waits);
  return notes.plan(going.length, true);
}

/** When a copy goes, and what was used of its limits from then on. */
function turnOf(gauges: readonly Gauge[], windows: readonly SendWindows[], timeZone: string, startMs: number) {
  const opening = (ms: number): number => nextOpening(ms, windows, timeZone) ?? ms;
  const line = { everyMs: 0, pacedMs: null, nextOpening: opening, gauges };
  let [atMs, waits] = [startMs, NO_WAITS];
  for (let turn = lineTurn(line, atMs); turn.waits.length > 0; turn = lineTurn(line, atMs)) {
    if (turn.nextMs <= atMs) break;
    [atMs, waits] = [turn.nextMs, turn.waits];
  }
  for (const usage of new Set(gauges.map((gauge) => gauge.usage)))
    usage.add(Math.floor(atMs / USAGE_GRAIN_MS) * USAGE_GRAIN_MS, 1);
  return { atMs, waits };
}

const NO_WAITS: readonly LineWait[] = [];
