import { decideEdit, type DeliveryId, isOpen, type TenantId } from '#domain';
import {
  appendOutbox,
  copiesMoved,
  emailUpdated,
  type LockedCopy,
  type LockedEmail,
  markMoved,
  pairs,
  type Queryable,
  readNow,
  requeueCopies,
} from '#storage';
import { byKind } from './by-kind.js';
import { type ChangeEmails, decidedChange, type Verdict } from './change-emails.js';
import { changeOf } from './change-of.js';
import type { TenantTimes } from './decide-when.js';
import { openingOf } from './opening-of.js';

export interface SendNowOptions {
  /** What the tenant has chosen. */
  readonly choicesOf: (tenantId: TenantId, tx: Queryable) => Promise<TenantTimes>;
  /** Also while the windows are shut that bind an email. */
  readonly ignoreWindows: boolean;
}

/**
 * Makes emails due now, or when their windows open next: their copies that wait for their time, for a retry, or for a
 * person because they were missed. Limits, suppressions and a pause still hold; what is on its way goes on undisturbed.
 */
export const sendEmailsNow = (options: SendNowOptions): ChangeEmails =>
  byKind(
    sendSinglesNow(options),
    async (_tx, _caller, ids) => ids.map(() => ({ kind: 'refused', code: 'state_conflict' })), // a campaign goes as its pacing says
  );

const sendSinglesNow = ({ choicesOf, ignoreWindows }: SendNowOptions): ChangeEmails =>
  decidedChange(verdict, async (tx, caller, emails) => {
    const { tenantId } = caller;
    const now = new Date(await readNow(tx));
    const ids = emails.map(({ id }) => id);
    const versions = new Map((await markMoved(tx, tenantId, ids, now)).map(({ id, version }) => [id, version]));
    const times = ignoreWindows ? undefined : await choicesOf(tenantId, tx);
    const moved = await requeueAll(
      tx,
      tenantId,
      now,
      (email) => (times ? openingOf(email, times, now.getTime()) : now.getTime()),
      emails,
    );
    const events = emails.flatMap((email) => {
      const of = changeOf(caller, email);
      const told = { version: versions.get(email.id) ?? 0, scheduledAt: now };
      return [...copiesMoved(of, pairs(email.copies, moved)), emailUpdated(of, ['scheduledAt'], told)];
    });
    await appendOutbox(tx, events);
  });

/** A statement for each instant, not for each email: windows open at few of them. */
async function requeueAll(
  tx: Queryable,
  tenantId: TenantId,
  now: Date,
  dueAtOf: (email: LockedEmail) => number,
  emails: readonly LockedEmail[],
): Promise<Awaited<ReturnType<typeof requeueCopies>>> {
  const moved: Awaited<ReturnType<typeof requeueCopies>> = [];
  const byInstant = new Map<number, DeliveryId[]>();
  for (const email of emails) {
    const waiting = email.copies.filter(waits).map(({ id }) => id);
    const dueAt = dueAtOf(email);
    byInstant.set(dueAt, [...(byInstant.get(dueAt) ?? []), ...waiting]);
  }
  for (const [dueAt, waiting] of byInstant) {
    const waitsFor = dueAt > now.getTime() ? 'window' : null;
    moved.push(...(await requeueCopies(tx, tenantId, waiting, new Date(dueAt), waitsFor)));
  }
  return moved;
}

function verdict({ copies, tombstone_at: cancelledAt }: LockedEmail): Verdict {
  const decision = decideEdit(copies, 'time');
  if (decision.kind === 'too_late') return decision.code;
  if (cancelledAt !== null) return 'already_finished'; // a copy that came back from its server, until the cancel catches it
  return copies.some(waits) ? 'change' : 'repeat';
}

const waits = (copy: LockedCopy): boolean => isOpen(copy) && (!copy.is_due || copy.reason === 'missed');
