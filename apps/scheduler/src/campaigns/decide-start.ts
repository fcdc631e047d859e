import {
  chooseZone,
  FIRST_ZONE,
  type FieldError,
  haveCommonOpening,
  isRecipientLocal,
  resolveDueAt,
  resolveWish,
  type SendWindows,
  type Wish,
} from '#domain';

/** Where a day begins last. */
const LAST_ZONE = 'Pacific/Pago_Pago';

export interface StartWish {
  /** Milliseconds since 1970. */
  readonly scheduledAt?: number | undefined;
  readonly schedule?: Wish | undefined;
  readonly allowPast?: boolean | undefined;
}

export type StartDecision =
  /** null: now. Of a recipient-local wish: the first instant at which it comes true anywhere. */
  | { readonly kind: 'start'; readonly at: number | null }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/** When a campaign starts, given what was wished and what time it is. */
export function decideStart({ scheduledAt, schedule, allowPast = false }: StartWish, now: number): StartDecision {
  if (scheduledAt !== undefined && schedule !== undefined) {
    const detail = 'send scheduledAt or schedule, not both';
    return { kind: 'invalid', errors: [{ pointer: '/schedule', code: 'conflict', detail }] };
  }
  if (schedule && isRecipientLocal(schedule)) return localStart(schedule, now, allowPast);
  const wished = schedule ? resolveWish(schedule, chooseZone([schedule.timeZone]).timeZone).at : (scheduledAt ?? null);
  const due = resolveDueAt(wished, now, allowPast);
  if (due.kind === 'due') return { kind: 'start', at: due.at === now ? null : due.at };
  return inPast(schedule ? '/schedule' : '/scheduledAt', due.detail);
}

/** It is past only where it is past for everybody. */
function localStart(schedule: Wish, now: number, allowPast: boolean): StartDecision {
  const last = resolveDueAt(resolveWish(schedule, LAST_ZONE).at, now, allowPast || schedule.ifPast === 'next_day');
  if (last.kind === 'in_past') return inPast('/schedule', last.detail);
  const first = resolveWish(schedule, FIRST_ZONE).at;
  return { kind: 'start', at: first > now ? first : null };
}

const inPast = (pointer: string, detail: string): StartDecision => ({
  kind: 'invalid',
  errors: [{ pointer, code: 'in_past', detail }],
});

/** Windows that are never open together let nobody through. */
export function windowErrors(own: SendWindows, ofTenant: SendWindows, now: number): FieldError[] {
  if (haveCommonOpening([own, ofTenant], now)) return [];
  const detail = 'these windows and those of your settings are never open together: nothing could ever be sent';
  return [{ pointer: '/windows', code: 'no_common_window', detail }];
}
