import type {
  DeliveryId,
  DeliveryStatus,
  EmailId,
  EmailKind,
  Lane,
  Mode,
  ProviderId,
  SendWindows,
  TenantId,
} from '#domain';
import type { Queryable } from '../database.js';
import type { Page } from '../page.js';
import { sqlFile } from '../sql-file.js';

/** A delivery as its explanation needs it. */
export interface WaitingRow {
  readonly id: DeliveryId;
  readonly email_id: EmailId;
  readonly status: DeliveryStatus;
  readonly provider_id: ProviderId | null;
  readonly eligible_at: Date;
  readonly due_at: Date;
  readonly hold_until: Date | null;
  readonly paused: boolean;
  readonly reason: string | null;
  readonly mode: Mode;
  readonly lane: Lane;
  readonly recipient_key: string;
  readonly address: string;
  readonly time_zone: string | null;
  readonly from_mailbox: string;
  readonly kind: EmailKind;
  readonly windows: SendWindows;
  /** Of an email with an audience: how fast it goes. */
  readonly delay_seconds: number;
  readonly hourly_limit: number | null;
  readonly spread: 'even' | 'burst';
  readonly paced_ms: number | null;
  /** Of its tenant. */
  readonly tenant_windows: SendWindows;
  readonly tenant_zone: string;
  readonly reserve: number;
  /** The clock of the database when it was read. */
  readonly now: Date;
}

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

const statements = {
  explain: sqlFile('./explain-deliveries.sql', import.meta.url),
  ofEmail: sqlFile('./unfinished-of-email.sql', import.meta.url),
  ofEmailBefore: sqlFile('./unfinished-of-email-before.sql', import.meta.url),
};

/** What a delivery may be waiting for; undefined: it does not exist for this tenant and mode. */
export async function readWaiting(db: Queryable, caller: Caller, id: DeliveryId): Promise<WaitingRow | undefined> {
  const [row] = await readAll(db, caller, [id]);
  return row;
}

/** The same of the unfinished copies of an email, oldest first, backwards before one of them; one more than the limit where there are more. */
export async function readWaitingOfEmail(
  db: Queryable,
  caller: Caller,
  emailId: EmailId,
  { limit, after, before }: Page<DeliveryId>,
): Promise<WaitingRow[]> {
  const statement = before === undefined ? statements.ofEmail : statements.ofEmailBefore;
  const values = [caller.tenantId, caller.mode, emailId, before ?? after ?? null, limit + 1];
  const { rows } = await db.query<{ id: DeliveryId }>({ ...statement, values });
  const ids = rows.map(({ id }) => id);
  return readAll(db, caller, ids);
}

async function readAll(db: Queryable, { tenantId, mode }: Caller, ids: readonly DeliveryId[]): Promise<WaitingRow[]> {
  const values = [tenantId, mode, ids];
  const { rows } = await db.query<WaitingRow & Record<string, unknown>>({ ...statements.explain, values });
  return rows;
}
