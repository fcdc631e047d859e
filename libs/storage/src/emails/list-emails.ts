import type { DeliveryStatus, EmailClass, EmailId, JobId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { type Page, type PageOf, turned } from '../page.js';
import { plannedAnew, sqlFile } from '../sql-file.js';
import { type EmailRow, readEmails } from './read-emails.js';

/** What a list of emails is narrowed to; undefined narrows nothing. */
export interface EmailFilter {
  /** Emails that have a copy in one of these states; `paused`: or that are paused and not finished. */
  readonly statuses?: readonly (DeliveryStatus | 'paused')[] | undefined;
  readonly classes?: readonly EmailClass[] | undefined;
  readonly kinds?: readonly EmailRow['kind'][] | undefined;
  readonly jobId?: JobId | undefined;
  readonly ownerId?: string | undefined;
  /** Emails that have a copy for it; as `recipient_key` has it. */
  readonly recipientKey?: string | undefined;
  /** Emails that have all of these tags. */
  readonly tags?: EmailRow['tags'] | undefined;
  readonly scheduledFrom?: Date | undefined;
  readonly scheduledBefore?: Date | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

/** By what the emails are found: their order, a recipient, a tag. Whatever else is asked is looked at in each. */
const statements = {
  all: {
    older: plannedAnew(sqlFile('./list-older.sql', import.meta.url)),
    newer: plannedAnew(sqlFile('./list-newer.sql', import.meta.url)),
  },
  to: {
    older: plannedAnew(sqlFile('./list-older-to.sql', import.meta.url)),
    newer: plannedAnew(sqlFile('./list-newer-to.sql', import.meta.url)),
  },
  tagged: {
    older: plannedAnew(sqlFile('./list-older-tagged.sql', import.meta.url)),
    newer: plannedAnew(sqlFile('./list-newer-tagged.sql', import.meta.url)),
  },
};

/** A page of a tenant's emails, newest first. */
export async function listEmails(
  db: Queryable,
  caller: { readonly tenantId: TenantId; readonly mode: Mode },
  filter: EmailFilter,
  page: Page<EmailId> & { readonly bodies: boolean },
): Promise<PageOf<EmailRow>> {
  const backwards = page.before !== undefined;
  const [tag] = Object.entries(filter.tags ?? {});
  const by = filter.recipientKey !== undefined ? 'to' : tag ? 'tagged' : 'all';
  const values = [
    caller.tenantId,
    caller.mode,
    ...filterValues(filter),
    page.before ?? page.after ?? null,
    page.limit + 1, // one more tells whether there is more
    ...(by === 'tagged' ? (tag ?? []) : []),
  ];
  const found = await db.query<{ id: EmailId }>({ ...statements[by][backwards ? 'newer' : 'older'], values });
  const ids = found.rows.map(({ id }) => id);
  const { rows: shown, ...more } = turned(ids, page);
  const { bodies } = page;
  return { ...more, rows: await readEmails(db, caller.tenantId, caller.mode, shown, { bodies }) };
}

/** What the statements of lists and counts narrow by, from their third parameter on. */
export const filterValues = (filter: EmailFilter): unknown[] => [
  filter.statuses ?? null,
  filter.classes ?? null,
  filter.ownerId ?? null,
  filter.scheduledFrom ?? null,
  filter.scheduledBefore ?? null,
  filter.kinds ?? null,
  filter.jobId ?? null,
  filter.createdFrom ?? null,
  filter.createdBefore ?? null,
  filter.tags ? JSON.stringify(filter.tags) : null,
  filter.recipientKey ?? null,
];
