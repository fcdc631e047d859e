import { InvalidArgumentError } from 'commander';

/** `--at` and `--tz` as the fields of a request: an instant, or a local time and whose. */
export function timeFields(at: string | undefined, tz: string | undefined) {
  if (at === undefined && tz !== undefined) throw new InvalidArgumentError('--tz needs --at: the local time there');
  if (at === undefined) return {};
  return tz === undefined ? { scheduledAt: at } : { schedule: { local: at, timeZone: tz } };
}
