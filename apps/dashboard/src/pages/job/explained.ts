import type { JobFact } from '../../api/newer-job.js';

/** The id of a campaign: it and its job are one, so only the prefix differs. */
export const campaignOf = ({ id, kind }: Pick<JobFact, 'id' | 'kind'>): string | undefined =>
  kind === 'campaign' ? id.replace('job_', 'cmp_') : undefined;

/** What `mailtide explain` takes for a job: its campaign, else one of its copies. */
export const explained = (job: Pick<JobFact, 'id' | 'kind'>): string => campaignOf(job) ?? 'dl_…';
