import {
  lineTurn,
  nextOpening,
  paceMs,
  parseAddress,
  PROVIDERS,
  type SendWindows,
  type TenantId,
  type TurnAt,
} from '#domain';
import type { Database, WaitingRow } from '#storage';
import { type Measured, readGauges } from '../plan/gauges.js';

/** What limits, pacing and windows say of copies: what the claim will ask of them. */
export async function turnsOf(db: Database, tenantId: TenantId, rows: readonly WaitingRow[]): Promise<TurnAt[]> {
  const [first] = rows;
  if (!first) return [];
  const gauges = await readGauges(db, tenantId, rows.map(measured), first.now.getTime());
  return rows.map((row, i) => {
    const windows = windowsOf(row);
    const state = {
      everyMs: paceMs({ hourlyLimit: row.hourly_limit, spread: row.spread }),
      pacedMs: row.paced_ms,
      nextOpening: (ms: number) => nextOpening(ms, windows, row.time_zone ?? row.tenant_zone) ?? ms,
      gauges: gauges[i] ?? [],
    };
    return (ms) => lineTurn(state, ms);
  });
}

const measured = (row: WaitingRow): Measured => ({
  copy: {
    mode: row.mode,
    emailId: row.email_id,
    providerId: PROVIDERS[row.mode],
    sender: addressIn(row.from_mailbox),
    address: row.address,
    recipientKey: row.recipient_key,
  },
  lane: row.lane,
  reserve: row.reserve,
  pacing: { delaySeconds: row.delay_seconds, hourlyLimit: row.hourly_limit },
});

/** Those of a tenant bind its campaigns. */
const windowsOf = ({ kind, windows, tenant_windows: ofTenant }: WaitingRow): readonly SendWindows[] =>
  kind === 'single' ? [windows] : [ofTenant, windows];

function addressIn(mailbox: string): string {
  const parsed = parseAddress(mailbox);
  return parsed.kind === 'ok' ? parsed.mailbox.address : mailbox;
}
