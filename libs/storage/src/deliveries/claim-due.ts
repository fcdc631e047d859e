import type { DeliveryId, Lane, Mode, ProcessId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { sqlFile } from '../sql-file.js';
import type { Claim } from './claim.js';

export interface ClaimRequest {
  readonly lane: Lane;
  readonly batch: number;
  /** The highest due time claimed so far, in ms since 1970; null walks from the beginning. */
  readonly watermarkMs: number | null;
  readonly lookAheadMs: number;
  readonly grantSeconds: number;
  readonly poller: ProcessId;
}

export interface DueClaim extends Claim {
  readonly mode: Mode;
  readonly dueMs: number;
}

export interface Claimed {
  readonly claims: readonly DueClaim[];
  /** The clock of the database while the claim ran; undefined when nothing was claimed. */
  readonly nowMs: number | undefined;
  /** Something was led into a line of its tenant: look there. */
  readonly isLed: boolean;
}

interface Row {
  tenant_id: TenantId;
  /** null: not a claim; something was led into a line. */
  id: DeliveryId | null;
  epoch: number;
  mode: Mode;
  due_ms: number;
  now_ms: number;
}

const statement = sqlFile('./claim-due.sql', import.meta.url);

/** Takes the deliveries of a lane that are due within the look-ahead: `scheduled -> queued`, epoch + 1. */
export async function claimDue(db: Queryable, request: ClaimRequest): Promise<Claimed> {
  const watermark = request.watermarkMs === null ? '-infinity' : new Date(request.watermarkMs);
  const values = [
    request.batch,
    watermark,
    request.lookAheadMs,
    request.lane,
    request.grantSeconds,
    newId(),
    request.poller,
  ];
  const { rows } = await db.query<Row>({ ...statement, values });
  const claims = rows.flatMap(({ tenant_id: tenantId, id, epoch, mode, due_ms: dueMs }) =>
    id === null ? [] : [{ tenantId, id, epoch, mode, dueMs }],
  );
  return { claims, nowMs: rows.find(({ id }) => id !== null)?.now_ms, isLed: claims.length < rows.length };
}
