import { FINAL_JOB_STATUSES, type JobStatus } from '#domain';

/** Where a job, or the campaign that it is, stands, for whoever asked for what does not fit. */
export const standsAt = (status: JobStatus): string =>
  FINAL_JOB_STATUSES.includes(status) ? `has ended ("${status}")` : `is "${status}"`;
