import type { DeliveryId, EmailId, EventId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import type { Page } from '../page.js';
import { sqlFile } from '../sql-file.js';

/** One thing that happened, as a timeline shows it. */
export interface TimelineRow {
  readonly id: EventId;
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  /** Where a reader goes on, together with the id. */
  readonly position: string;
  readonly delivery_id: DeliveryId | null;
  readonly actor: string;
  readonly attempt: number | null;
  readonly data: object;
}

/** Where a reader goes on. */
export type TimelinePlace = Pick<TimelineRow, 'position' | 'id'>;

export interface TimelineOf {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  readonly emailId: EmailId;
  /** Only of this copy; null: of the whole email. */
  readonly deliveryId: DeliveryId | null;
}

const statement = sqlFile('./read-timeline.sql', import.meta.url);

/** What happened, oldest first, backwards before a place; one more than the limit where there is more. */
export async function readTimeline(
  db: Queryable,
  of: TimelineOf,
  { limit, after, before }: Page<TimelinePlace>,
): Promise<TimelineRow[]> {
  const { tenantId, mode, emailId, deliveryId } = of;
  const from = before ?? after;
  const isBackwards = before !== undefined;
  const values = [
    tenantId,
    mode,
    emailId,
    deliveryId,
    from?.position ?? null,
    from?.id ?? null,
    limit + 1,
    isBackwards,
  ];
  const { rows } = await db.query<TimelineRow & Record<string, unknown>>({ ...statement, values });
  return rows;
}
