import { firstRun, seriesOf } from '#domain';
import { appendOutbox, emailUpdated, lockSeries, type Series, startCampaign } from '#storage';
import { steerCampaigns } from './steer-campaigns.js';

/**
 * Starts drafts: their recipients become copies, which go from their time on. One without
 * recipients is complete at once. One that repeats begins with the first run that is not past.
 */
export const startCampaigns = steerCampaigns('start', async (tx, { campaign, of }) => {
  const series = await lockSeries(tx, campaign);
  const { version, scheduledAt } = await startCampaign(tx, campaign, series && firstOf(series));
  await appendOutbox(tx, [emailUpdated(of, ['status'], { version, scheduledAt })]);
});

function firstOf({ repeat, schedule, startAt, isForNow, nowMs }: Series): number | null {
  const now = Math.floor(nowMs);
  return firstRun(seriesOf(repeat, schedule, isForNow ? now : startAt), schedule, now);
}
