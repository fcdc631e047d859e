import { nextRun, seriesOf } from '#domain';
import {
  appendOutbox,
  type CampaignRef,
  copiesMoved,
  emailPaused,
  emailResumed,
  holdLine,
  lockClaimed,
  lockSeries,
  markAudience,
  noteRun,
  pairs,
  type Queryable,
  requeueCopies,
} from '#storage';
import { steerCampaigns } from './steer-campaigns.js';

/** Pauses emails with an audience: their line is held back, and what was claimed waits in it again, under a new epoch. */
export const pauseCampaigns = steerCampaigns('pause', async (tx, { campaign, of }) => {
  const version = await markAudience(tx, campaign, 'paused');
  await holdLine(tx, campaign, true);
  const claimed = (await lockClaimed(tx, campaign)).filter(({ status }) => status === 'queued');
  const ids = claimed.map(({ id }) => id);
  const back = ids.length > 0 ? await requeueCopies(tx, campaign.tenantId, ids, null) : [];
  await appendOutbox(tx, [...copiesMoved(of, pairs(claimed, back)), emailPaused(of, version)]);
});

/** Lets paused emails with an audience go on: what waits in their line is as it was, so nobody is mailed twice. */
export const resumeCampaigns = steerCampaigns('resume', async (tx, { campaign, email, of }) => {
  const version = await markAudience(tx, campaign, email.is_ahead ? 'scheduled' : 'running');
  await holdLine(tx, campaign, false);
  await leaveOutMissed(tx, campaign);
  await appendOutbox(tx, [emailResumed(of, version)]);
});

/** Runs that were due in the pause are not made up for. */
async function leaveOutMissed(tx: Queryable, campaign: CampaignRef): Promise<void> {
  const series = await lockSeries(tx, campaign);
  if (!series) return;
  const repeat = seriesOf(series.repeat, series.schedule, series.startAt);
  await noteRun(tx, campaign, { last: series.nowMs, next: nextRun(repeat, series.nowMs) });
}
