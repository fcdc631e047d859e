import type { Arrival, Evidence, FinalRow, LedgerEntry } from './evidence.js';

/** A broken promise, in words that show where to look. */
export interface Violation {
  readonly promise: string;
  readonly what: string;
}

const FINAL = new Set(['sent', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed']);

/** Every promise against all that was seen (reliability 1). Pure: it knows nothing but the evidence. */
export function checkPromises({ ledger, arrivals, rows, told }: Evidence): Violation[] {
  const arrivalsOf = byDelivery(arrivals);
  const rowOf = new Map(rows.map((row) => [row.deliveryId, row]));
  const toldOf = new Map(told.map(({ deliveryId, status }) => [deliveryId, status]));
  const known = new Set(ledger.map(({ deliveryId }) => deliveryId));
  const violations = ledger.flatMap((entry) =>
    checkOne(entry, arrivalsOf.get(entry.deliveryId) ?? [], rowOf.get(entry.deliveryId), toldOf.get(entry.deliveryId)),
  );
  const phantoms = arrivals.filter(({ deliveryId }) => !known.has(deliveryId));
  return [
    ...violations,
    ...phantoms.map(({ deliveryId }) => ({ promise: 'no phantom', what: `${deliveryId} was never asked for` })),
  ];
}

function checkOne(
  entry: LedgerEntry,
  arrivals: readonly Arrival[],
  row: FinalRow | undefined,
  told: string | undefined,
): Violation[] {
  const about = `${entry.deliveryId} of ${entry.emailId}`;
  if (!row) return [{ promise: 'never lost', what: `${about} is in no row` }];
  const broken: Violation[] = [];
  const breaks = (promise: string, is: boolean, what: string) => {
    if (is) broken.push({ promise, what: `${about} (${row.status}, ${arrivals.length} arrivals): ${what}` });
  };
  const sureArrivals = arrivals.filter(({ answered }) => answered);
  const lastCall = Math.max(...arrivals.map(({ atMs }) => atMs), 0);

  breaks('never lost', !FINAL.has(row.status), 'it has come to no end');
  breaks('truth', row.status === 'sent' && arrivals.length === 0, 'it is called sent, and nothing arrived');
  breaks(
    'truth',
    ['failed', 'expired', 'cancelled', 'suppressed'].includes(row.status) && arrivals.length > 0,
    'it arrived',
  );
  breaks('truth', row.status === 'unknown' && row.ambiguous === 0, 'no attempt of it is on record as ambiguous');
  breaks(
    'never early',
    arrivals.some(({ atMs }) => atMs < entry.dueAtMs),
    `it arrived before ${entry.dueAtMs}`,
  );
  const cancel = entry.cancel?.end === 'ok' ? entry.cancel : null;
  breaks(
    'never after a confirmed cancel',
    cancel !== null && arrivals.length > 0,
    `the cancel was confirmed at ${cancel?.answeredAtMs}, the last arrival was at ${lastCall}`,
  );
  breaks(
    'a cancelled email says so',
    row.status === 'cancelled' && (entry.cancel === null || entry.cancel.end === 'refused'),
    'nobody cancelled it',
  );
  breaks(
    'no unreported duplicate',
    arrivals.length > 1 && !(row.ambiguous > 0 && row.possibleDuplicate),
    `it came ${arrivals.length} times (${sureArrivals.length} answered)`,
  );
  const edit = entry.edit?.end === 'ok' ? entry.edit : null;
  const older =
    edit === null ? [] : arrivals.filter(({ atMs, subject }) => atMs > edit.answeredAtMs && subject !== edit.subject);
  breaks(
    'a confirmed edit binds',
    older.length > 0,
    `"${older[0]?.subject}" came after the edit to "${edit?.subject}"`,
  );
  breaks(
    'content as accepted',
    arrivals.some(({ subject }) => !entry.subjects.includes(subject)),
    'its subject was never asked for',
  );
  breaks('the status is told', told !== row.status, `the last that a client was told is ${told}`);
  return broken;
}

function byDelivery(arrivals: readonly Arrival[]): Map<string, Arrival[]> {
  const found = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const others = found.get(arrival.deliveryId);
    if (others) others.push(arrival);
    else found.set(arrival.deliveryId, [arrival]);
  }
  return found;
}
