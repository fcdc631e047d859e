import { setTimeout as until } from 'node:timers/promises';
import type { ApiAnswer, Mailtide } from '#testing';
import { queryRows } from '../delivery-states.js';

const AT_ONCE = 32;
const SPREAD_MS = 50;
const UNAVAILABLE = 503;

/** An answer and what it took, with what it was about. */
export interface Raced<Body> {
  readonly id: string;
  readonly status: number;
  readonly body: Body;
  readonly tookMs: number;
}

/**
 * Makes a request for each email, up to 50 ms before or after an instant, each at its own moment. Where the service is not
 * available for a moment it asks again, as its clients do.
 */
export async function raceAround<Body>(
  instant: number,
  ids: readonly string[],
  request: (id: string) => Promise<ApiAnswer<Body>>,
): Promise<Raced<Body>[]> {
  const starts = ids
    .map((id) => ({ id, at: instant + (Math.random() * 2 - 1) * SPREAD_MS }))
    .toSorted((a, b) => b.at - a.at);
  const raced: Raced<Body>[] = [];
  const work = async () => {
    for (let start = starts.pop(); start; start = starts.pop()) {
      await until(Math.max(0, start.at - Date.now()));
      const began = performance.now();
      let answer = await request(start.id);
      while (answer.status === UNAVAILABLE) answer = await request(start.id);
      raced.push({ id: start.id, status: answer.status, body: answer.body, tookMs: performance.now() - began });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return raced;
}

/** What became of an email of one copy, by its row and by the server that accepts mail. */
export interface Fate extends Record<string, unknown> {
  readonly status: string;
  readonly reason: string | null;
  /** Of the messages that were accepted. */
  readonly subjects: readonly string[];
}

/** The fates of an owner's emails, by the uuid of the email. */
export async function fatesOf(mailtide: Mailtide, ownerId: string): Promise<Map<string, Fate>> {
  const rows = await queryRows<Fate & { id: string }>(
    mailtide,
    `select e.id, d.status, d.reason, array_remove(array_agg(m.subject), null) as subjects
     from emails e join deliveries d on d.tenant_id = e.tenant_id and d.email_id = e.id
     left join sandbox_messages m on m.delivery_id = d.id
     where e.owner_id = $1 group by e.id, d.status, d.reason`,
    [ownerId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The value below which the given share of all lies. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
