import {
  ALL_TENANTS,
  type EmailId,
  type Lane,
  type LimitId,
  type LimitRule,
  type LimitScope,
  type Mode,
  type SendWindows,
  type TenantId,
  Usage,
} from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** A line that may be taken from, held until the transaction ends. */
export interface HeldLine {
  readonly line: string;
  readonly mode: Mode;
  /** null: it has copies of many emails. */
  readonly email_id: EmailId | null;
  readonly next_ms: number;
  readonly paced_ms: number | null;
  /** It had to wait until `next_ms`. */
  readonly is_waiting: boolean;
  readonly share: number;
  readonly delay_seconds: number;
  readonly hourly_limit: number | null;
  readonly spread: 'even' | 'burst';
  readonly weight: number;
  readonly from_mailbox: string | null;
  readonly windows: SendWindows;
  readonly tenant_windows: SendWindows;
  readonly time_zone: string;
  /** The part of shared limits that is kept for the transactional lane. */
  readonly reserve: number;
  /** Nothing of its email may go: for ever, for now, or unless an edit gives it more time. */
  readonly closed: 'cancelled' | 'paused' | 'expired' | null;
  readonly now_ms: number;
}

export interface HeldLimit {
  readonly id: LimitId;
  readonly tenant_id: TenantId;
  readonly scope: LimitScope;
  readonly rules: readonly LimitRule[];
}

export interface GrantedAsk {
  readonly limit: Pick<HeldLimit, 'id' | 'tenant_id'>;
  readonly key: string;
  /** What is dated up to this does not count. */
  readonly sinceMs: number;
}

const linesStatement = sqlFile('./lock-lines.sql', import.meta.url);
const limitsStatement = sqlFile('./lock-limits.sql', import.meta.url);
const usesStatement = sqlFile('./line-uses.sql', import.meta.url);

/** The lines of a tenant that something may be taken from now. */
export async function lockLines(tx: Queryable, tenantId: TenantId, lane: Lane, most: number): Promise<HeldLine[]> {
  const values = [tenantId, lane, most];
  return (await tx.query<HeldLine & Record<string, unknown>>({ ...linesStatement, values })).rows;
}

/** The limits that may bind lines of a tenant: nobody else grants from them until the transaction ends. */
export async function lockLimits(
  tx: Queryable,
  tenantId: TenantId,
  campaigns: readonly LimitScope[],
): Promise<HeldLimit[]> {
  const values = [[tenantId, ALL_TENANTS], campaigns];
  return (await tx.query<HeldLimit & Record<string, unknown>>({ ...limitsStatement, values })).rows;
}

/** What was granted of each, in the order asked. To be read after the limits were locked. */
export async function readGranted(tx: Queryable, asks: readonly GrantedAsk[]): Promise<Usage[]> {
  const usages = asks.map(() => new Usage());
  if (asks.length === 0) return usages;
  const values = [
    asks.map(({ limit }) => limit.tenant_id),
    asks.map(({ limit }) => limit.id),
    asks.map(({ key }) => key),
    asks.map(({ sinceMs }) => sinceMs),
  ];
  const { rows } = await tx.query<{ place: number; at_ms: number; used: number }>({ ...usesStatement, values });
  for (const { place, at_ms: atMs, used } of rows) usages[place]?.add(atMs, used);
  return usages;
}
