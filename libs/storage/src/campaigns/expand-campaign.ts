import type { DeliveryId, EmailId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { sqlFile } from '../sql-file.js';
import type { NewRecipient } from './add-recipients.js';

/** A campaign or a load test, by the id that it shares with its email and its job. */
export interface CampaignRef {
  readonly tenantId: TenantId;
  readonly id: EmailId;
}

/** How far the making of copies is, held until the transaction ends. */
export interface Expansion {
  /** The place of the last recipient that has a copy. */
  readonly position: number;
  /** The last recipient that is to have one. */
  readonly lastPlace: number;
  /** Copies that were made already get another time. */
  readonly isMoving: boolean;
  /** Of a load test: what its recipients are made from. */
  readonly script: unknown;
  /** Of a run: the campaign that repeats, whose recipients it gets. */
  readonly parentId: EmailId | null;
  readonly mode: Mode;
  readonly isCancelled: boolean;
  readonly scheduledAt: Date;
  /** The schedule as it was wished; null: an instant was. */
  readonly wish: unknown;
  readonly windows: unknown;
  readonly nowMs: number;
}

/** When copies are due; in some zones at another instant, on a day there. */
export interface DueTimes {
  readonly dueAt: Date;
  readonly zones: readonly {
    readonly zone: string;
    readonly dueAt: Date;
    readonly localDate: string | null;
    /** The time has passed there, and nobody is to be mailed late. */
    readonly isSkipped: boolean;
  }[];
}

interface Chunk extends DueTimes {
  /** Behind this place, up to and with that one. */
  readonly after: number;
  readonly upTo: number;
}

const statements = {
  find: sqlFile('./find-expanding.sql', import.meta.url),
  hold: sqlFile('./hold-expansion.sql', import.meta.url),
  share: sqlFile('./share-email.sql', import.meta.url),
  zones: sqlFile('./zones-of-chunk.sql', import.meta.url),
  chunk: sqlFile('./expand-chunk.sql', import.meta.url),
  end: sqlFile('./end-expansion.sql', import.meta.url),
  move: sqlFile('./move-chunk.sql', import.meta.url),
};

/** What is being made into copies, of all tenants, oldest first. */
export async function findExpanding(db: Queryable): Promise<CampaignRef[]> {
  const { rows } = await db.query<{ tenant_id: TenantId; email_id: EmailId }>({ ...statements.find, values: [] });
  return rows.map(({ tenant_id: tenantId, email_id: id }) => ({ tenantId, id }));
}

/**
 * Takes a campaign until the transaction ends, and keeps its email from being changed: a cancel that comes now waits, and the
 * next chunk sees it. Undefined: another process has it, or there is nothing left to make.
 */
export async function holdExpansion(tx: Queryable, { tenantId, id }: CampaignRef): Promise<Expansion | undefined> {
  const values = [tenantId, id];
  const held = await tx.query<{
    position: number;
    last_place: number;
    moving: boolean;
    script: unknown;
    parent_id: EmailId | null;
  }>({
    ...statements.hold,
    values,
  });
  const [progress] = held.rows;
  if (!progress) return undefined;
  // In a statement of its own, so that it sees what the cancel that it may have waited for has written.
  const { rows } = await tx.query<{
    mode: Mode;
    is_cancelled: boolean;
    scheduled_at: Date;
    wish: unknown;
    windows: unknown;
    now_ms: number;
  }>({ ...statements.share, values });
  const [email] = rows;
  if (!email) throw new Error(`campaign ${id} has no email`);
  const { is_cancelled: isCancelled, scheduled_at: scheduledAt, now_ms: nowMs, ...rest } = email;
  const { last_place: lastPlace, moving: isMoving, parent_id: parentId, position, script } = progress;
  return { ...rest, position, lastPlace, isMoving, script, parentId, isCancelled, scheduledAt, nowMs };
}

/** The zones of the recipients of a chunk; '' where none is known. */
export async function zonesOfChunk(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  { after, upTo }: Pick<Chunk, 'after' | 'upTo'>,
): Promise<string[]> {
  const { rows } = await tx.query<{ zone: string }>({ ...statements.zones, values: [tenantId, id, after, upTo] });
  return rows.map(({ zone }) => zone);
}

/**
 * Makes recipients of a held campaign into copies; how many were new.
 * @param given recipients that are stored nowhere, one for each place; undefined: they are stored
 */
export async function expandChunk(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  { after, upTo, dueAt, zones }: Chunk,
  given?: readonly Pick<NewRecipient, 'key' | 'mailbox' | 'address'>[],
): Promise<number> {
  const ids = Array.from({ length: upTo - after }, () => newId<DeliveryId>()); // in one run, so that its copies lie together
  const values = [
    tenantId,
    id,
    after,
    upTo,
    ids,
    dueAt,
    ...zoneColumns(zones),
    zones.map(({ isSkipped }) => isSkipped),
  ];
  const recipients = given
    ? [given.map(({ key }) => key), given.map(({ mailbox }) => mailbox), given.map(({ address }) => address)]
    : [null, null, null];
  const { rows } = await tx.query<{ made: number }>({ ...statements.chunk, values: [...values, ...recipients] });
  return rows[0]?.made ?? 0;
}

/** Gives the copies of a chunk of a held campaign that are there already their new times; how many were moved. */
export async function moveChunk(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  { after, upTo, dueAt, zones }: Chunk,
): Promise<number> {
  const values = [tenantId, id, after, upTo, dueAt, ...zoneColumns(zones)];
  const { rows } = await tx.query<{ moved: number }>({ ...statements.move, values });
  return rows[0]?.moved ?? 0;
}

/** Ends the making of copies of a held campaign that was cancelled. */
export async function endExpansion(tx: Queryable, { tenantId, id }: CampaignRef): Promise<void> {
  await tx.query({ ...statements.end, values: [tenantId, id] });
}

const zoneColumns = (zones: DueTimes['zones']): unknown[] => [
  zones.map(({ zone }) => zone),
  zones.map(({ dueAt }) => dueAt),
  zones.map(({ localDate }) => localDate),
];
