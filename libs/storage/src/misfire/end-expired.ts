import type { EmailId, TenantId } from '#domain';
import type { Transactional } from '../database.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { sqlFile } from '../sql-file.js';
import { type EndedCopy, endedEvents } from './ended-copy.js';

interface Expired {
  expires_at: string;
  tenant_id: TenantId;
  email_id: EmailId;
}

const anyStatement = sqlFile('./any-expired.sql', import.meta.url);
const lockStatement = sqlFile('./lock-expired.sql', import.meta.url);
const endStatement = sqlFile('./end-expired.sql', import.meta.url);
const forgetStatement = sqlFile('./forget-expired.sql', import.meta.url);
const heldStatement = sqlFile('./end-held.sql', import.meta.url);

/** What is in flight then may come back; where there is more to end, it goes on at once, behind the others. */
const LOOK_AGAIN_MS = 1_000;

/** Ends the unarmed copies of emails whose `expires_at` has passed, with their events; how many emails it looked at. */
export async function endExpired(
  db: Transactional,
  atMost: { readonly emails: number; readonly copies: number },
): Promise<{ readonly emails: number; readonly ended: readonly EndedCopy[] }> {
  const { rows: looked } = await db.query<{ due: boolean }>({ ...anyStatement, values: [] });
  if (looked[0]?.due !== true) return { emails: 0, ended: [] };
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<Expired & Record<string, unknown>>({ ...lockStatement, values: [atMost.emails] });
    if (rows.length === 0) return { emails: 0, ended: [] };
    const tenants = rows.map((row) => row.tenant_id);
    const emails = rows.map((row) => row.email_id);
    const { rows: ended } = await tx.query<EndedCopy & Record<string, unknown>>({
      ...endStatement,
      values: [tenants, emails, atMost.copies],
    });
    await appendOutbox(tx, endedEvents(ended));
    const againMs = ended.length === atMost.copies ? 0 : LOOK_AGAIN_MS;
    await tx.query({ ...forgetStatement, values: [rows.map((row) => row.expires_at), tenants, emails, againMs] });
    return { emails: rows.length, ended };
  });
}

/** Parks ambiguous deliveries that have expired when their hold is over: they are not sent again. */
export function endHeld(db: Transactional, atMost: number): Promise<readonly EndedCopy[]> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<EndedCopy & Record<string, unknown>>({ ...heldStatement, values: [atMost] });
    await appendOutbox(tx, endedEvents(rows));
    return rows;
  });
}
