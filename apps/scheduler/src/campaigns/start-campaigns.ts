import { appendOutbox, emailUpdated, startCampaign } from '#storage';
import { steerCampaigns } from './steer-campaigns.js';

/** Starts drafts: their recipients become copies, which go from their time on. One without recipients is complete at once. */
export const startCampaigns = steerCampaigns('start', async (tx, { campaign, of }) => {
  const { version, scheduledAt } = await startCampaign(tx, campaign);
  await appendOutbox(tx, [emailUpdated(of, ['status'], { version, scheduledAt })]);
});
