import type { FieldError, Mailbox } from '#domain';
import type { EmailRow } from '#storage';
import type { TenantChoices } from '../settings/default-from.js';
import { applyPatch, changedFields, type PatchWithSender } from './apply-patch.js';
import { contentErrors } from './content-errors.js';
import { decideEmail, type DecidedEmail, type EmailWish, expiryErrors } from './decide-email.js';
import { decideOpening, decideWhen, type When } from './decide-when.js';

/** What the rules decided that an edit does. */
export interface Edit {
  readonly changed: readonly string[];
  readonly decided: DecidedEmail;
  readonly wish: EmailWish & { readonly from: Mailbox };
  /** null: as it was. */
  readonly scheduledAt: Date | null;
  /** When its copies are due from now on; null: when they were. */
  readonly dueAt: Date | null;
  /** When copies are due that come with it. */
  readonly newcomersDueAt: Date;
}

/** These bind all copies: none may be armed. The others bind each copy that is still open. */
const CONTENT_FIELDS = new Set([
  'to',
  'cc',
  'bcc',
  'from',
  'replyTo',
  'subject',
  'text',
  'html',
  'render',
  'data',
  'attachments',
  'headers',
  'visibility',
]);

/** Whether it changes what all copies show, or only when they go. */
export const changesContent = ({ changed }: Edit): boolean => changed.some((field) => CONTENT_FIELDS.has(field));

/** What a patch does to an email, by the rules that bind a new one. */
export function rulesOfEdit(
  email: EmailRow,
  patch: PatchWithSender,
  choices: TenantChoices,
  now: number,
): { kind: 'edit'; edit: Edit } | { kind: 'invalid'; errors: readonly FieldError[] } {
  const wish = applyPatch(email, patch);
  const decision = decideEmail(wish);
  if (decision.kind === 'invalid') return decision;
  const contentProblems = contentErrors(wish);
  if (contentProblems.length > 0) return { kind: 'invalid', errors: contentProblems };
  const changed = changedFields(email, wish, decision.email);
  const was = email.scheduled_at.getTime();
  const when = whenAfter({ was, changed, wish, patch }, choices, Math.floor(now));
  if (when.kind === 'invalid') return when;
  const { scheduledAt, dueAt } = when;
  const pointer = patch.expiresAt === undefined ? timePointer(patch) : '/expiresAt';
  const errors = pointer === null ? [] : expiryErrors(wish, dueAt, pointer);
  if (errors.length > 0) return { kind: 'invalid', errors };
  const isSame = scheduledAt === was;
  const all = isSame ? changed : [...changed, 'scheduledAt'];
  const moves = !isSame || changed.includes('windows');
  const opening = moves ? when : decideOpening(wish, choices, Math.max(was, now));
  const times = {
    scheduledAt: isSame ? null : new Date(scheduledAt),
    dueAt: moves ? new Date(dueAt) : null,
    newcomersDueAt: new Date(opening.kind === 'when' && opening.dueAt > now ? opening.dueAt : scheduledAt),
  };
  return { kind: 'edit', edit: { changed: all, decided: decision.email, wish, ...times } };
}

/** Which field of a patch says a time; null: none. */
function timePointer({ scheduledAt, schedule, windows }: PatchWithSender): string | null {
  if (schedule) return '/schedule';
  if (scheduledAt !== undefined) return '/scheduledAt';
  return windows === undefined ? null : '/windows';
}

/** When it goes: as the patch says, or at its time as before, as far as its windows let it. */
function whenAfter(
  { was, changed, wish, patch }: { was: number; changed: readonly string[]; wish: EmailWish; patch: PatchWithSender },
  choices: TenantChoices,
  now: number,
): When {
  const { windows, class: emailClass } = wish;
  if (patch.scheduledAt !== undefined || patch.schedule) {
    const { scheduledAt, schedule, allowPast } = patch;
    return decideWhen({ scheduledAt, schedule, allowPast, windows, class: emailClass }, choices, now);
  }
  if (!changed.includes('windows')) return { kind: 'when', scheduledAt: was, dueAt: was };
  const opening = decideOpening(wish, choices, Math.max(was, now));
  return opening.kind === 'when' ? { ...opening, scheduledAt: was } : opening;
}
