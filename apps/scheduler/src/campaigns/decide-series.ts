import { type FieldError, firstRun, type RepeatWish, seriesOf, startOfSeries } from '#domain';
import type { StartWish } from './decide-start.js';

export type SeriesDecision =
  | { readonly kind: 'series'; readonly first: number }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/** When a campaign that repeats has its first run, given what was wished and what time it is. */
export function decideSeries(
  repeat: RepeatWish,
  { scheduledAt, schedule, expiresAt }: StartWish & { readonly expiresAt?: number | undefined },
  now: number,
): SeriesDecision {
  if (expiresAt !== undefined) return { kind: 'invalid', errors: [TOO_SOON] };
  const startAt = schedule ? startOfSeries(schedule) : (scheduledAt ?? now);
  const first = firstRun(seriesOf(repeat, schedule ?? null, startAt), schedule ?? null, now);
  return first === null ? { kind: 'invalid', errors: [noRun(repeat)] } : { kind: 'series', first };
}

const TOO_SOON: FieldError = {
  pointer: '/expiresAt',
  code: 'conflict',
  detail: 'would end the copies of all later runs; send repeat.until, and graceSeconds for each run',
};

/** No run would ever come. */
export const noRun = ({ until }: RepeatWish): FieldError =>
  until === null
    ? { pointer: '/repeat/rule', code: 'out_of_range', detail: 'has no run from now on' }
    : { pointer: '/repeat/until', code: 'out_of_range', detail: 'is before the next run: there would be none' };
