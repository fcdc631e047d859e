import { z } from 'zod';
import { instant, ownerId } from '../ids.js';

const count = z.int().nonnegative();
const job = z.string().regex(/^job_[0-9a-hjkmnp-tv-z]{26}$/);

const counts = z.strictObject({
  total: count,
  scheduled: count,
  queued: count,
  sending: count,
  sent: count,
  failed: count,
  unknown: count,
  cancelled: count,
  expired: count,
  suppressed: count,
});

/** The whole job, as the API shows it, without links: a reader needs no event before this one. */
export const jobFact = {
  jobId: job.meta({ description: 'The job' }),
  object: z.literal('job'),
  id: job.meta({ description: 'The same as jobId: the object is the one of the API' }),
  kind: z.enum(['campaign', 'broadcast', 'load_test', 'batch', 'bulk', 'import', 'redrive', 'replay']),
  status: z.enum(['draft', 'scheduled', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled']),
  ownerId,
  total: count,
  expanding: z.boolean(),
  expected: count.optional().meta({ description: 'How many copies there will be when it expands no more' }),
  counts: counts.nullable().meta({ description: 'Deliveries by state; null for jobs over rows' }),
  rows: z
    .strictObject({ total: count, done: count, ok: count, rejected: count })
    .nullable()
    .meta({ description: 'Only of jobs over rows: bulk, import, redrive, replay' }),
  result: z
    .record(z.string(), count)
    .nullable()
    .meta({ description: 'What the rows came to, for example cancelled, alreadySent, inFlight' }),
  progress: z.number().min(0).max(1),
  ratePerSecond: z.number().nonnegative().nullable(),
  etaAt: instant.nullable(),
  stalled: z.boolean(),
  lastActivityAt: instant,
  topFailures: z.array(z.strictObject({ reason: z.string(), code: z.string().nullable(), count })),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  createdAt: instant,
  version: z.int().positive(),
  at: instant,
} as const;
