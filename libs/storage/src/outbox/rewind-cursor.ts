import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { RelayCursor } from './read-window.js';

interface Probe {
  readonly id: string;
  readonly xid: string;
  readonly is_older: boolean;
}

/** A transaction that wrote an event may have begun before those whose events have lower ids. */
const MARGIN_SECONDS = 600;

const endsStatement = sqlFile('./outbox-ends.sql', import.meta.url);
const probeStatement = sqlFile('./probe-age.sql', import.meta.url);
const rewindStatement = sqlFile('./rewind-cursor.sql', import.meta.url);
const noteStatement = sqlFile('./note-cluster.sql', import.meta.url);

/** Sends the relay back to events of so many seconds ago; false: another relay moved the cursor meanwhile. */
export async function rewindCursor(
  db: Queryable,
  cursor: RelayCursor,
  to: { readonly secondsAgo: number; readonly cluster: string | null },
): Promise<boolean> {
  const first = await firstYoungerThan(db, to.secondsAgo + MARGIN_SECONDS);
  const values = [cursor.version, first?.xid ?? cursor.from_xid, to.cluster];
  const { rows } = await db.query({ ...rewindStatement, values });
  return rows.length > 0;
}

/** Notes which cluster the relay publishes to, where none is known yet. */
export async function noteCluster(db: Queryable, cluster: string): Promise<void> {
  await db.query({ ...noteStatement, values: [cluster] });
}

/** Ids rise with time, near enough: found by halving, for there is no index on time. */
async function firstYoungerThan(db: Queryable, seconds: number): Promise<Probe | undefined> {
  const { rows } = await db.query<{ lowest: string | null; highest: string | null }>({ ...endsStatement, values: [] });
  let [low, high] = [BigInt(rows[0]?.lowest ?? 0), BigInt(rows[0]?.highest ?? -1)];
  let found: Probe | undefined;
  while (low <= high) {
    const middle = (low + high) / 2n;
    const probe = await probeAt(db, middle, seconds);
    if (probe?.is_older === true) low = BigInt(probe.id) + 1n;
    else {
      found = probe ?? found;
      high = middle - 1n;
    }
  }
  return found;
}

async function probeAt(db: Queryable, id: bigint, seconds: number): Promise<Probe | undefined> {
  const { rows } = await db.query<{ id: string; xid: string; is_older: boolean }>({
    ...probeStatement,
    values: [String(id), seconds],
  });
  return rows[0];
}
