import type { Pacing } from '#domain';
import type { CampaignRow } from '#storage';
import type { CampaignPatch } from './campaign.schema.js';

export const pacingOf = (row: CampaignRow): Pacing => ({
  delaySeconds: row.delay_seconds,
  hourlyLimit: row.hourly_limit,
  spread: row.spread,
  weight: row.weight,
});

const DEFAULT_PACING: Pacing = { delaySeconds: 0, hourlyLimit: null, spread: 'even', weight: 1 };

/** How fast a campaign goes after a patch: what it does not name stays, null is the default. */
export function pacingAfter(row: CampaignRow, patch: CampaignPatch['pacing']): Pacing {
  if (patch === null) return DEFAULT_PACING;
  const { delaySeconds, hourlyLimit, spread, weight } = patch ?? {};
  const was = pacingOf(row);
  const kept = <T>(one: T | null | undefined, fallback: T, stored: T) =>
    one === undefined ? stored : (one ?? fallback);
  return {
    delaySeconds: kept(delaySeconds, 0, was.delaySeconds),
    hourlyLimit: hourlyLimit === undefined ? was.hourlyLimit : hourlyLimit,
    spread: kept(spread, 'even', was.spread),
    weight: kept(weight, 1, was.weight),
  };
}
