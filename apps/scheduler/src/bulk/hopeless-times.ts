import { type FieldError, resolveDueAt } from '#domain';
import { expiryErrors } from '../emails/decide-email.js';
import type { BulkPatch } from './bulk.schema.js';

/** What is wrong with the times of a patch whatever the emails say. @param now milliseconds since 1970, of the database */
export function hopelessTimes(
  { scheduledAt, allowPast, expiresAt }: Pick<BulkPatch, 'scheduledAt' | 'allowPast' | 'expiresAt'>,
  now: number,
): readonly FieldError[] {
  if (scheduledAt === undefined) return [];
  const due = resolveDueAt(scheduledAt, now, allowPast ?? false);
  if (due.kind === 'in_past') return [{ pointer: '/patch/scheduledAt', code: 'in_past', detail: due.detail }];
  return expiryErrors({ expiresAt: expiresAt ?? undefined }, due.at, '/patch/expiresAt');
}
