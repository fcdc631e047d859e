import { z } from 'zod';
import { JobSchema } from '#http';

const job = JobSchema.shape;

/** What `jobAlias` makes: a job under the names of an older system. */
export const EmailJobSchema = z
  .strictObject({
    jobId: job.id,
    userId: z.string().nullable(),
    total: job.total,
    numberOfEmails: job.total,
    sent: job.total,
    failed: job.total,
    status: job.status,
    createdAt: job.createdAt,
    completedAt: job.finishedAt,
  })
  .meta({ id: 'EmailJob' });

export const EmailJobsSchema = z
  .array(EmailJobSchema)
  .meta({ id: 'EmailJobs', description: 'newest first, at most 1,000' });
