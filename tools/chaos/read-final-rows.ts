import pg from 'pg';
import { publicId } from '#domain';
import type { FinalRow } from './evidence.js';

const FINAL = `select d.id, d.status, d.possible_duplicate,
    (select count(*)::int from attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.id and a.ambiguous_at is not null) as ambiguous
  from deliveries d`;
const OPEN = `select count(*)::int as open from deliveries where status in ('scheduled', 'queued', 'sending')`;

interface Row {
  readonly id: string;
  readonly status: string;
  readonly possible_duplicate: boolean;
  readonly ambiguous: number;
}

/** What the database says in the end, asked past all code of ours. */
export async function readFinalRows(databaseUrl: string): Promise<FinalRow[]> {
  const rows = await query<Row>(databaseUrl, FINAL);
  return rows.map(({ id, status, possible_duplicate, ambiguous }) => ({
    deliveryId: publicId('delivery', id),
    status,
    possibleDuplicate: possible_duplicate,
    ambiguous,
  }));
}

/** How many deliveries have not come to an end. */
export async function countOpen(databaseUrl: string): Promise<number> {
  const [row] = await query<{ open: number }>(databaseUrl, OPEN);
  return row?.open ?? 0;
}

async function query<R extends object>(connectionString: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows as R[];
  } finally {
    await client.end();
  }
}
