import { createHash, randomBytes } from 'node:crypto';
import type { KeyId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** Who a ticket stands for, and to what it lets its bearer listen. */
export interface TicketRow {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  /** null: the developer at this machine, who needs no key. */
  readonly keyId: KeyId | null;
  readonly scopes: readonly string[];
  /** As they were asked for, `job:job_…`; `*` stands for all. */
  readonly topics: readonly string[];
}

/** A ticket just made: the only time that its text is seen. */
export interface NewTicket {
  readonly ticket: string;
  readonly expiresAt: Date;
}

const TICKET_SECONDS = 60;
const TICKET = /^mt_ticket_[\w-]{43}$/;

const createStatement = sqlFile('./create-ticket.sql', import.meta.url);
const redeemStatement = sqlFile('./redeem-ticket.sql', import.meta.url);

const hashOf = (ticket: string): Buffer => createHash('sha256').update(ticket).digest();

/** A ticket that is good once, within 60 s; undefined when its key has ended meanwhile. */
export async function createTicket(db: Queryable, row: TicketRow): Promise<NewTicket | undefined> {
  const ticket = `mt_ticket_${randomBytes(32).toString('base64url')}`;
  const values = [hashOf(ticket), row.tenantId, row.mode, row.keyId, row.scopes, row.topics, TICKET_SECONDS];
  const { rows } = await db.query<{ expires_at: Date }>({ ...createStatement, values });
  return rows[0] && { ticket, expiresAt: rows[0].expires_at };
}

/**
 * Uses a ticket up and says who it stands for, across all tenants: the ticket is what tells the tenant.
 * undefined: unknown, used before, too old, or of a key that is no longer good; nobody is told which.
 */
export async function redeemTicket(db: Queryable, ticket: string): Promise<TicketRow | undefined> {
  if (!TICKET.test(ticket)) return undefined;
  interface Row {
    tenant_id: TenantId;
    mode: Mode;
    key_id: KeyId | null;
    scopes: string[];
    topics: string[];
  }
  const { rows } = await db.query<Row>({ ...redeemStatement, values: [hashOf(ticket)] });
  const [row] = rows;
  return row && { tenantId: row.tenant_id, mode: row.mode, keyId: row.key_id, scopes: row.scopes, topics: row.topics };
}
