import { GRANT_SLACK_MS, type JobStatus } from '#domain';
import type { JobRow } from '#storage';

const HOUR_MS = 3_600_000;
/** Farther away there is no telling: what moved last was so long ago that its speed has died away. */
const FARTHEST_MS = 366 * 24 * HOUR_MS;

/**
 * When a job will have ended: not before its last copy is due or its pacing lets it go, not before what holds it back lets go, and not
 * before the rest is through at this speed. null: nobody can tell.
 * @param open copies that have not ended, made or not
 * @param rate ends a second
 */
export function jobEta(job: JobRow, status: JobStatus, open: number, rate: number | null): Date | null {
  const bySchedule = last(job.last_due_at, job.audience?.lastDueAt ?? null, pacedEnd(job, open));
  if (status === 'scheduled') return bySchedule;
  if (status !== 'running') return null;
  const restMs = rate === null ? Infinity : (1000 * open) / rate;
  const isMoving = restMs < FARTHEST_MS;
  if (!isMoving) return bySchedule !== null && bySchedule > job.now ? last(bySchedule, heldUntil(job)) : null;
  return last(new Date(job.now.getTime() + restMs), bySchedule, heldUntil(job));
}

/** When a campaign of its own pace is through at the earliest; null: it has none. */
function pacedEnd(job: JobRow, open: number): Date | null {
  const { audience, now } = job;
  if (!audience) return null;
  const from = last(now, audience.startsAt, heldUntil(job)) ?? now;
  const after = (ms: number) => new Date(from.getTime() + ms);
  const evenly = audience.secondsEach > 0 ? after(1000 * open * audience.secondsEach) : null;
  const { atOnceAnHour } = audience;
  if (atOnceAnHour === null) return evenly;
  // The first hour's are the next to go. A window counts a little longer than it is (semantics 4).
  return last(after((Math.ceil(open / atOnceAnHour) - 1) * (HOUR_MS + GRANT_SLACK_MS)), evenly);
}

function heldUntil({ audience }: JobRow): Date | null {
  const untils = (audience?.waitingFor ?? []).flatMap(({ until }) => (until === null ? [] : [new Date(until)]));
  return last(...untils);
}

const last = (...instants: readonly (Date | null)[]): Date | null =>
  instants.reduce<Date | null>((latest, at) => (at && (!latest || at > latest) ? at : latest), null);
