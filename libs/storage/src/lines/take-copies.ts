import type { DeliveryId, EmailId, Lane, LimitId, Mode, ProcessId, SendWindows, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import type { Claimed } from '../deliveries/claim-due.js';
import { newId } from '../new-id.js';
import { sqlFile } from '../sql-file.js';

/** A copy at the head of a line, held until the transaction ends. */
export interface LineHead {
  readonly id: DeliveryId;
  /** Where it stands in due. */
  readonly due_row: string;
  readonly email_id: EmailId;
  readonly address: string;
  readonly recipient_key: string;
  readonly time_zone: string | null;
  readonly due_ms: number;
  readonly grace_seconds: number;
  readonly from_mailbox: string;
  readonly windows: SendWindows;
}

export interface TakenCopy {
  readonly copy: LineHead;
  /** The limits that it is granted from; empty: there are none. */
  readonly charged: readonly LimitId[];
}

export interface DeferredCopy {
  readonly copy: LineHead;
  readonly untilMs: number;
  readonly reason: 'limit' | 'window';
}

export interface Taking {
  readonly tenantId: TenantId;
  readonly lane: Lane;
  readonly poller: ProcessId;
  readonly grantSeconds: number;
}

export type LineClaims = Omit<Claimed, 'isLed'>;

/** How a line is left. */
export interface LineNote {
  readonly line: string;
  readonly nextMs: number;
  readonly pacedMs: number | null;
  readonly waitsFor: readonly object[] | null;
  readonly share: number;
  /** Nothing more is due in it: it is looked at again when something is, at `nextMs` at the latest. */
  readonly isDry: boolean;
}

type TakenRow = { tenant_id: TenantId; id: DeliveryId; epoch: number; mode: Mode; due_ms: number; now_ms: number };

const peekStatement = sqlFile('./peek-line.sql', import.meta.url);
const takeStatement = sqlFile('./take-copies.sql', import.meta.url);
const deferStatement = sqlFile('./defer-copies.sql', import.meta.url);
const noteStatement = sqlFile('./note-lines.sql', import.meta.url);

/** What is next in a line that the caller holds. */
export async function peekLine(tx: Queryable, tenantId: TenantId, line: string, most: number): Promise<LineHead[]> {
  const values = [tenantId, line, most];
  return (await tx.query<LineHead & Record<string, unknown>>({ ...peekStatement, values })).rows;
}

/** Takes copies that were peeked at and charges them: claims, and the clock of the database. */
export async function takeCopies(
  tx: Queryable,
  { tenantId, lane, poller, grantSeconds }: Taking,
  copies: readonly TakenCopy[],
): Promise<LineClaims> {
  if (copies.length === 0) return { claims: [], nowMs: undefined };
  const charged = copies.map((one) => (one.charged.length === 0 ? null : `{${one.charged.join(',')}}`));
  const ids = copies.map(({ copy }) => copy.id);
  const places = copies.map(({ copy }) => copy.due_row);
  const values = [tenantId, ids, places, charged, newId(), lane, poller, grantSeconds];
  const { rows } = await tx.query<TakenRow>({ ...takeStatement, values });
  const claims = rows.map((row) => ({
    tenantId: row.tenant_id,
    id: row.id,
    epoch: row.epoch,
    mode: row.mode,
    dueMs: row.due_ms,
  }));
  return { claims, nowMs: rows[0]?.now_ms };
}

/** Lets copies that were peeked at wait by themselves, so that others can pass. */
export async function deferCopies(tx: Queryable, tenantId: TenantId, copies: readonly DeferredCopy[]): Promise<void> {
  if (copies.length === 0) return;
  const ids = copies.map(({ copy }) => copy.id);
  const places = copies.map(({ copy }) => copy.due_row);
  const values = [tenantId, ids, places, copies.map(({ untilMs }) => untilMs), copies.map(({ reason }) => reason)];
  await tx.query({ ...deferStatement, values });
}

/** Leaves lines until they are to be looked at again. */
export async function noteLines(tx: Queryable, tenantId: TenantId, notes: readonly LineNote[]): Promise<void> {
  if (notes.length === 0) return;
  const values = [
    notes.map(({ line }) => line),
    notes.map(({ nextMs }) => nextMs),
    notes.map(({ pacedMs }) => pacedMs),
    notes.map(({ waitsFor }) => (waitsFor && waitsFor.length > 0 ? JSON.stringify(waitsFor) : null)),
    notes.map(({ share }) => share),
    notes.map(({ isDry }) => isDry),
    tenantId,
  ];
  await tx.query({ ...noteStatement, values });
}
