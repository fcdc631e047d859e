import { firstRun, seriesOf } from '#domain';
import { Problem } from '#http';
import {
  appendOutbox,
  emailUpdated,
  lockSeries,
  type Queryable,
  readNeeds,
  type Series,
  startCampaign,
} from '#storage';
import { type Steered, steerCampaigns } from './steer-campaigns.js';

/**
 * Starts drafts: their recipients become copies, which go from their time on. One without
 * recipients is complete at once. One that repeats begins with the first run that is not past.
 * Throws `state_conflict` while an upload is under way: the draft would go without its recipients.
 */
export const startCampaigns = steerCampaigns('start', async (tx, steered) => {
  const { campaign, of } = steered;
  await refuseWhileUploading(tx, steered);
  const series = await lockSeries(tx, campaign);
  const { version, scheduledAt } = await startCampaign(tx, campaign, series && firstOf(series));
  await appendOutbox(tx, [emailUpdated(of, ['status'], { version, scheduledAt })]);
});

async function refuseWhileUploading(tx: Queryable, { campaign, email }: Steered): Promise<void> {
  const { isUploading } = await readNeeds(tx, campaign);
  if (!isUploading) return;
  throw new Problem('state_conflict', 'An upload to this campaign is under way. Start it when that has ended.', {
    current: { status: email.status, at: email.updated_at.toISOString() },
  });
}

function firstOf({ repeat, schedule, startAt, isForNow, nowMs }: Series): number | null {
  const now = Math.floor(nowMs);
  return firstRun(seriesOf(repeat, schedule, isForNow ? now : startAt), schedule, now);
}
