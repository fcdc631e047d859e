import {
  bindingWindows,
  chooseZone,
  decideWish,
  type EmailClass,
  type FieldError,
  isRecipientLocal,
  nextOpening,
  resolveDueAt,
  resolveWish,
  type SendWindows,
  type Wish,
} from '#domain';

/** When an email is wished to go. */
export interface TimeWish {
  /** Milliseconds since 1970. */
  readonly scheduledAt?: number | null | undefined;
  readonly schedule?: Wish | null | undefined;
  readonly allowPast?: boolean | null | undefined;
  readonly windows?: SendWindows | undefined;
  readonly class?: EmailClass | undefined;
}

/** What its tenant has chosen. */
export interface TenantTimes {
  readonly timeZone: string;
  readonly windows: SendWindows;
}

export type When =
  /** Wished for `scheduledAt`, and due then or at the next opening. Milliseconds since 1970; `now` is now by the database. */
  | { readonly kind: 'when'; readonly scheduledAt: number; readonly dueAt: number }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/** When an email that is not one of many goes: its wish, then the windows that bind it. */
export function decideWhen(wish: TimeWish, tenant: TenantTimes, now: number): When {
  const scheduled = decideScheduled(wish, tenant, now);
  if (scheduled.kind === 'invalid') return scheduled;
  return decideOpening(wish, tenant, scheduled.at);
}

type Scheduled = { readonly kind: 'at'; readonly at: number } | Extract<When, { kind: 'invalid' }>;

function decideScheduled(wish: TimeWish, tenant: TenantTimes, now: number): Scheduled {
  const { schedule, scheduledAt } = wish;
  if (schedule && typeof scheduledAt === 'number')
    return invalid('/schedule', 'conflict', 'scheduledAt says when, too; send one of them');
  const local = schedule ? decideLocal(schedule, tenant, now) : undefined;
  if (local?.kind === 'invalid') return local;
  const due = resolveDueAt(local?.at ?? scheduledAt ?? null, now, wish.allowPast ?? false);
  if (due.kind === 'in_past') return invalid(schedule ? '/schedule/local' : '/scheduledAt', 'in_past', due.detail);
  return { kind: 'at', at: due.at };
}

function decideLocal(schedule: Wish, tenant: TenantTimes, now: number): Scheduled {
  const zone = isRecipientLocal(schedule) ? recipientZone({ schedule }, tenant) : schedule.timeZone;
  const at = resolveWish(schedule, zone).at;
  if (schedule.ifPast === undefined) return { kind: 'at', at };
  const decision = decideWish(schedule, zone, now, schedule.ifPast);
  if (decision.kind === 'due') return { kind: 'at', at: decision.at };
  const said = `is ${new Date(at).toISOString()}, which is past: with ifPast "skip" nobody would get it`;
  return invalid('/schedule/local', 'in_past', said);
}

/** Nothing is known of where a recipient is: what the email says, else the tenant, else UTC. */
export const recipientZone = ({ schedule }: Pick<TimeWish, 'schedule'>, { timeZone }: TenantTimes): string =>
  chooseZone([schedule?.fallback, timeZone]).timeZone;

/** The first instant, `from` or later, at which its windows are open. */
export function decideOpening(wish: TimeWish, tenant: TenantTimes, from: number): When {
  const { class: emailClass = 'transactional', windows = [] } = wish;
  const all = bindingWindows({ class: emailClass, tenantWindows: tenant.windows, windows });
  const dueAt = nextOpening(from, all, recipientZone(wish, tenant));
  if (dueAt === null) {
    const others = all.length > 1 ? ' together with those of the settings' : '';
    return invalid('/windows', 'no_common_window', `are never open${others}; nothing could be sent`);
  }
  return { kind: 'when', scheduledAt: from, dueAt };
}

const invalid = (pointer: string, code: FieldError['code'], detail: string): Extract<When, { kind: 'invalid' }> => ({
  kind: 'invalid',
  errors: [{ pointer, code, detail }],
});
