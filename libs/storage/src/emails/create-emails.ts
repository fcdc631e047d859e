import type { EmailId } from '#domain';
import type { Queryable } from '../database.js';
import { findAnswers, type StoredAnswer } from '../idempotency/idempotency.js';
import { sqlFile } from '../sql-file.js';
import { newEmailColumns } from './new-email-columns.js';
import type { NewEmail } from './new-email.js';

/** What became of a new email. Milliseconds since 1970, by the clock of the database. */
export type CreatedEmail =
  | {
      readonly kind: 'created';
      readonly scheduledMs: number;
      readonly createdMs: number;
      readonly nowMs: number;
      /** The body of the answer as stored for its key; null without one. */
      readonly body: string | null;
    }
  /** Its key had been used before; nothing was stored. */
  | { readonly kind: 'repeated'; readonly answer: StoredAnswer; readonly fingerprint: Buffer };

const statement = sqlFile('./create-emails.sql', import.meta.url);

/** Stores emails, copies, due rows, events and keys in one statement; one answer each, in the order given. */
export async function createEmails(db: Queryable, emails: readonly NewEmail[]): Promise<CreatedEmail[]> {
  const { rows } = await db.query<Row & Record<string, unknown>>({ ...statement, values: newEmailColumns(emails) });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const repeated = await findRepeated(
    db,
    emails.filter(({ id }) => !byId.has(id)),
  );
  return emails.map(({ id }) => created(byId.get(id)) ?? repeated.get(id) ?? notStored(id));
}

interface Row {
  readonly id: EmailId;
  readonly scheduled_ms: number;
  readonly created_ms: number;
  readonly now_ms: number;
  readonly body: string | null;
}

const created = (row: Row | undefined): CreatedEmail | undefined =>
  row && {
    kind: 'created',
    scheduledMs: row.scheduled_ms,
    createdMs: row.created_ms,
    nowMs: row.now_ms,
    body: row.body,
  };

/** The twin that was first has committed, or this statement would still wait for it: its answer can be read. */
async function findRepeated(db: Queryable, emails: readonly NewEmail[]): Promise<Map<EmailId, CreatedEmail>> {
  const repeats = emails.flatMap(({ id, keyed }) => (keyed ? [{ id, keyed }] : []));
  if (repeats.length === 0) return new Map();
  const answers = await findAnswers(
    db,
    repeats.map(({ keyed }) => keyed),
  );
  return new Map(
    repeats.flatMap(({ id }, index) => {
      const answer = answers[index];
      return answer ? [[id, { kind: 'repeated' as const, answer, fingerprint: answer.fingerprint }]] : [];
    }),
  );
}

function notStored(id: EmailId): never {
  throw new Error(`email ${id} was not stored`);
}
