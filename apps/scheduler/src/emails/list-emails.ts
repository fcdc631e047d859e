import { type EmailId, type JobId, parsePublicId, publicId } from '#domain';
import { type Caller, listOf, type ListView, readPage, writeCursor } from '#http';
import { type Database, type EmailFilter, type EmailRow, listEmails, type Page } from '#storage';
import type { EmailQuery } from './email.schema.js';

/** Pages of a tenant's emails, newest first; cursors stay good while emails arrive. */
export class ListEmails {
  constructor(private readonly db: Database) {}

  async run<View>(
    caller: Caller,
    query: EmailQuery,
    view: (row: EmailRow) => View,
    options: { readonly bodies: boolean },
  ): Promise<ListView<View>> {
    const { limit, after, before, ...filter } = query;
    const page: Page<EmailId> & typeof options = {
      ...options,
      ...readPage({ limit, after, before }, filter, (text) => parsePublicId('email', text)),
    };
    const found = await this.db
      .of(caller.tenantId)
      .transaction((tx) => listEmails(tx, caller, emailFilter(filter), page));
    const cursorAt = (row: EmailRow) => writeCursor([publicId('email', row.id)], filter);
    return listOf(found, found.rows.map(view), cursorAt);
  }
}

/** No job has it: the list is empty. */
const NO_JOB = '00000000-0000-0000-0000-000000000000' as JobId;
const instant = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));

/** The filters of a list as the statements take them. */
export const emailFilter = (query: Omit<EmailQuery, 'limit' | 'after' | 'before'>): EmailFilter => ({
  statuses: query.status,
  kinds: query.kind,
  classes: query.class,
  jobId: query.jobId === null ? NO_JOB : query.jobId,
  ownerId: query.ownerId,
  recipientKey: query.to,
  tags: query.tag && Object.fromEntries(query.tag),
  scheduledFrom: instant(query.scheduledFrom),
  scheduledBefore: instant(query.scheduledTo),
  createdFrom: instant(query.createdFrom),
  createdBefore: instant(query.createdTo),
});
