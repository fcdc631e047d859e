import { cancelCampaigns } from '../campaigns/cancel-campaigns.js';
import { pauseCampaigns, resumeCampaigns } from '../campaigns/pause-campaigns.js';
import { retryCopies } from '../deliveries/retry-deliveries.js';
import { cancelEmails } from '../emails/cancel-emails.js';
import { pauseEmails, resumeEmails } from '../emails/pause-emails.js';
import type { ChangeJobParts } from './change-job.js';

/** How a job of emails is steered: by what steers its emails. */
export const JOB_CORES: Omit<ChangeJobParts, 'wake'> = {
  emails: { cancel: cancelEmails, pause: pauseEmails, resume: resumeEmails },
  campaigns: { cancel: cancelCampaigns, pause: pauseCampaigns, resume: resumeCampaigns },
  retry: retryCopies,
};
