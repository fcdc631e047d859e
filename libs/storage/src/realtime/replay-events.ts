import type { DeliveryId, EmailId, EventId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** An event as it stands in the outbox. */
export interface PastEvent {
  readonly event_id: EventId;
  readonly type: string;
  /** JSON. */
  readonly data: string;
  /** RFC 3339. */
  readonly time: string;
}

/** Whose events. */
export type EventsOf =
  | { readonly kind: 'email'; readonly emailId: EmailId }
  | { readonly kind: 'delivery'; readonly emailId: EmailId; readonly deliveryId: DeliveryId }
  | { readonly kind: 'owner'; readonly ownerId: string }
  | { readonly kind: 'tenant' };

const emailStatement = sqlFile('./replay-email.sql', import.meta.url);
const tenantStatement = sqlFile('./replay-tenant.sql', import.meta.url);

/** What happened in transactions from `position` on, in order; one more than the limit where there is more. */
export async function replayEvents(
  db: Queryable,
  caller: { readonly tenantId: TenantId; readonly mode: Mode },
  of: EventsOf,
  position: string,
  limit: number,
): Promise<PastEvent[]> {
  const start = [caller.tenantId, caller.mode, position];
  const values = 'emailId' in of ? [...start, of.emailId, deliveryOf(of)] : [...start, ownerOf(of)];
  const statement = 'emailId' in of ? emailStatement : tenantStatement;
  const { rows } = await db.query<PastEvent & Record<string, unknown>>({
    ...statement,
    values: [...values, limit + 1],
  });
  return rows;
}

const deliveryOf = (of: EventsOf): DeliveryId | null => (of.kind === 'delivery' ? of.deliveryId : null);
const ownerOf = (of: EventsOf): string | null => (of.kind === 'owner' ? of.ownerId : null);
