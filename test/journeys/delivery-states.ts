import { createHash } from 'node:crypto';
import { FINAL_STATUSES } from '#domain';
import { Database } from '#storage';
import { eventually, type Mailtide } from '#testing';

/** Reads the rows themselves: the last word on what became of deliveries. */
export async function queryRows<Row extends Record<string, unknown>>(
  mailtide: Mailtide,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const db = new Database({
    url: mailtide.databaseUrl,
    application: 'journey',
    maxConnections: 1,
    plans: 'free',
    onIdleError: () => {},
  });
  try {
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    return (await db.query<Row>({ name, text, values })).rows;
  } finally {
    await db.stop();
  }
}

/** How many deliveries of an owner's emails are in each state. */
export async function statusCounts(mailtide: Mailtide, ownerId = 'many'): Promise<Record<string, number>> {
  const rows = await queryRows<{ status: string; count: number }>(
    mailtide,
    `select d.status, count(*)::int as count from deliveries d join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
     where e.owner_id = $1 group by d.status order by d.status`,
    [ownerId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Waits until so many deliveries have come to their end. */
export function deliveriesEnd(mailtide: Mailtide, count: number, withinMs: number, ownerId = 'many'): Promise<void> {
  return eventually(async () => {
    const counts = await statusCounts(mailtide, ownerId);
    const ended = FINAL_STATUSES.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
    if (ended < count) throw new Error(`${ended} of ${count} deliveries have ended: ${JSON.stringify(counts)}`);
  }, withinMs);
}
