import type { EmailId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { readNow } from '../emails/change-email.js';
import { sqlFile, type Statement } from '../sql-file.js';

/** How much is forgotten at once, so that no transaction is long. */
export interface RetentionLimits {
  readonly emails: number;
  readonly rows: number;
}

export interface RetentionOptions {
  readonly days: number;
  readonly limits: RetentionLimits;
  /** Awaited after every statement that forgot something: room for others. Rejects to stop. */
  readonly breathe: () => Promise<void>;
}

const DAY_MS = 86_400_000;
const NO_ID = '00000000-0000-0000-0000-000000000000' as EmailId;

const tenantsStatement = sqlFile('./list-tenants.sql', import.meta.url);
const oldEmailsStatement = sqlFile('./old-emails.sql', import.meta.url);
const emailsStatement = sqlFile('./forget-emails.sql', import.meta.url);
const keysStatement = sqlFile('./forget-keys.sql', import.meta.url);
const jobsStatement = sqlFile('./forget-jobs.sql', import.meta.url);
const usesStatement = sqlFile('./forget-uses.sql', import.meta.url);
const leftoversStatement = sqlFile('./forget-leftovers.sql', import.meta.url);
/** Copies last: while an email has one that is final, it can be found again after a crash. */
const OF_EMAILS: readonly Statement[] = [
  sqlFile('./forget-messages.sql', import.meta.url),
  sqlFile('./forget-refusals.sql', import.meta.url),
  sqlFile('./forget-dead-letters.sql', import.meta.url),
  sqlFile('./forget-attachments.sql', import.meta.url),
  sqlFile('./forget-events.sql', import.meta.url),
  sqlFile('./forget-recipients.sql', import.meta.url),
  sqlFile('./forget-rejections.sql', import.meta.url),
  sqlFile('./forget-copies.sql', import.meta.url),
];

/** Forgets what ended more than so many days ago, a little at a time; how many rows (attempts and events of jobs not counted). */
export async function forgetOld(db: Queryable, options: RetentionOptions): Promise<number> {
  const { days, limits } = options;
  const { rows: tenants } = await db.query<{ id: TenantId }>({ ...tenantsStatement, values: [] });
  const below = idAt((await readNow(db)) - (days - 1) * DAY_MS);
  let gone = 0;
  for (const { id } of tenants) gone += await forgetEmails(db, id, below, options);
  gone += await repeat(db, keysStatement, [limits.rows], options);
  gone += await repeat(db, jobsStatement, [days, limits.rows], options);
  gone += await repeat(db, usesStatement, [limits.rows], options);
  gone += await repeat(db, leftoversStatement, [days, limits.rows], options);
  return gone;
}

async function forgetEmails(
  db: Queryable,
  tenant: TenantId,
  below: string,
  options: RetentionOptions,
): Promise<number> {
  let gone = 0;
  for (let after = NO_ID; ;) {
    const { rows } = await db.query<{ id: EmailId; is_over: boolean }>({
      ...oldEmailsStatement,
      values: [tenant, after, below, options.days, options.limits.emails],
    });
    const over = rows.filter(({ is_over }) => is_over).map(({ id }) => id);
    if (over.length > 0) {
      for (const statement of OF_EMAILS)
        gone += await repeat(db, statement, [tenant, over, options.limits.rows], options);
      gone += await forget(db, emailsStatement, [tenant, over]);
    }
    const last = rows.at(-1);
    if (!last || rows.length < options.limits.emails) return gone;
    after = last.id;
  }
}

async function repeat(
  db: Queryable,
  statement: Statement,
  values: unknown[],
  options: RetentionOptions,
): Promise<number> {
  let gone = 0;
  for (;;) {
    const now = await forget(db, statement, values);
    gone += now;
    if (now > 0) await options.breathe();
    if (now < options.limits.rows) return gone;
  }
}

async function forget(db: Queryable, statement: Statement, values: unknown[]): Promise<number> {
  const { rows } = await db.query<{ gone: number }>({ ...statement, values });
  return rows[0]?.gone ?? 0;
}

/** The lowest uuid v7 of a millisecond. */
function idAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
