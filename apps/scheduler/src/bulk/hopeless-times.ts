import { type FieldError, isRecipientLocal, UTC } from '#domain';
import { expiryErrors } from '../emails/decide-email.js';
import { decideWhen } from '../emails/decide-when.js';
import type { BulkPatch } from './bulk.schema.js';

/** What is wrong with the times of a patch whatever the emails say. @param now milliseconds since 1970, of the database */
export function hopelessTimes(
  { scheduledAt, schedule, allowPast, expiresAt }: TimePatch,
  now: number,
): readonly FieldError[] {
  if (scheduledAt === undefined && !schedule) return [];
  if (schedule && isRecipientLocal(schedule)) return []; // where that is, each email says
  const when = decideWhen({ scheduledAt, schedule, allowPast }, NO_WINDOWS, now);
  if (when.kind === 'when') return expiryErrors({ expiresAt: expiresAt ?? undefined }, when.dueAt, '/patch/expiresAt');
  return when.errors.map((error) => ('pointer' in error ? { ...error, pointer: `/patch${error.pointer}` } : error));
}

/** Windows can only make it later. */
const NO_WINDOWS = { timeZone: UTC, windows: [] } as const;

type TimePatch = Pick<BulkPatch, 'scheduledAt' | 'schedule' | 'allowPast' | 'expiresAt'>;
