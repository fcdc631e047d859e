import { checkRecipient, shownValue } from '#content';
import { type NewRecipient, onceEach, type RejectedRow } from '#storage';
import type { RecipientRequest } from './campaign.schema.js';

export interface Audience {
  readonly recipients: readonly NewRecipient[];
  readonly rejected: readonly RejectedRow[];
  readonly merged: number;
  /** Recipients whose zone is none. */
  readonly badTimeZones: number;
}

/** Recipients as they came: each address once, and the rows that are left out. @param needs as `checkContent` tells it */
export function readAudience(rows: readonly RecipientRequest[], needs: readonly string[]): Audience {
  const all: NewRecipient[] = [];
  const rejected: RejectedRow[] = [];
  for (const [i, row] of rows.entries()) {
    const wish = typeof row === 'string' ? { to: row } : row;
    const read = checkRecipient(wish, needs);
    if (read.kind === 'recipient') all.push(read);
    else rejected.push({ row: i + 1, value: shownValue(wish.to), code: read.code });
  }
  const recipients = onceEach(all);
  const badTimeZones = recipients.filter(({ hasBadTimeZone }) => hasBadTimeZone).length;
  return { recipients, rejected, merged: all.length - recipients.length, badTimeZones };
}
