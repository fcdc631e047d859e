import type { DeliveryId, EmailId, EmailKind, Mode, SendWindows, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** How far the walk over a tenant's wishes is; held until the transaction ends. */
export interface ZoneWalk {
  /** The last email that was looked at; null: it begins. */
  readonly emailId: EmailId | null;
  /** The campaign behind it whose copies are being looked at. */
  readonly campaignId: EmailId | null;
  /** The last copy of that. */
  readonly deliveryId: DeliveryId | null;
}

/** A walk with what its tenant has chosen. */
export interface HeldZoneWalk extends ZoneWalk {
  readonly timeZone: string;
  readonly windows: SendWindows;
}

/** An email with a local time. */
export interface WishedEmail {
  readonly id: EmailId;
  readonly kind: EmailKind;
  readonly mode: Mode;
  /** It may have copies for which the time is still ahead. */
  readonly waits: boolean;
}

const statements = {
  note: sqlFile('./note-tzdata.sql', import.meta.url),
  plan: sqlFile('./plan-zone-walk.sql', import.meta.url),
  find: sqlFile('./find-zone-walks.sql', import.meta.url),
  hold: sqlFile('./hold-zone-walk.sql', import.meta.url),
  noteWalk: sqlFile('./note-zone-walk.sql', import.meta.url),
  end: sqlFile('./end-zone-walk.sql', import.meta.url),
  next: sqlFile('./next-wishes.sql', import.meta.url),
};

/**
 * Has the wishes of all tenants looked at anew if these time zones are newer than those noted before; whether they are.
 * @param version of tzdata, `2026a`
 */
export async function noteTzdata(db: Queryable, version: string): Promise<boolean> {
  const { rows } = await db.query({ ...statements.note, values: [version] });
  return rows.length > 0;
}

/** Has the wishes of a tenant looked at anew, who has moved to another zone. */
export async function planZoneWalk(db: Queryable, tenantId: TenantId, delaySeconds: number): Promise<void> {
  await db.query({ ...statements.plan, values: [tenantId, delaySeconds] });
}

export async function findZoneWalks(db: Queryable, atMost: number): Promise<TenantId[]> {
  const { rows } = await db.query<{ tenant_id: TenantId }>({ ...statements.find, values: [atMost] });
  return rows.map(({ tenant_id: tenantId }) => tenantId);
}

/** Takes a walk for one step; undefined: another process has it, or it is over. */
export async function holdZoneWalk(tx: Queryable, tenantId: TenantId): Promise<HeldZoneWalk | undefined> {
  const { rows } = await tx.query<{
    email_id: EmailId | null;
    campaign_id: EmailId | null;
    delivery_id: DeliveryId | null;
    time_zone: string;
    windows: SendWindows;
  }>({ ...statements.hold, values: [tenantId] });
  const [row] = rows;
  if (!row) return undefined;
  const { email_id: emailId, campaign_id: campaignId, delivery_id: deliveryId, time_zone: timeZone, windows } = row;
  return { emailId, campaignId, deliveryId, timeZone, windows };
}

/** Notes how far a held walk is; null: it is over. */
export async function noteZoneWalk(tx: Queryable, tenantId: TenantId, walk: ZoneWalk | null): Promise<void> {
  if (walk === null) await tx.query({ ...statements.end, values: [tenantId] });
  else
    await tx.query({
      ...statements.noteWalk,
      values: [tenantId, walk.emailId, walk.campaignId, walk.deliveryId],
    });
}

/** The next emails of a tenant that have a local time. */
export async function nextWishes(
  tx: Queryable,
  tenantId: TenantId,
  after: EmailId | null,
  atMost: number,
): Promise<WishedEmail[]> {
  const values = [tenantId, after, atMost];
  const { rows } = await tx.query<WishedEmail & Record<string, unknown>>({ ...statements.next, values });
  return rows;
}
