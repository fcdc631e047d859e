import { z } from 'zod';
import { DELIVERY_STATUSES, type DeliveryStatus, JOB_KINDS, JOB_STATUSES } from '#domain';
import { count, id, instant } from './fields.schema.js';

const counts = z
  .strictObject({
    total: count,
    ...(Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, count])) as Record<DeliveryStatus, typeof count>),
  })
  .meta({ id: 'JobCounts', description: 'Deliveries by state; they always sum to `total`.' });

const failure = z
  .strictObject({
    reason: z.string().meta({ examples: ['bad_recipient'] }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'what the server said', examples: ['550 5.1.1'] }),
    count,
  })
  .meta({ id: 'JobFailure' });

/** What `jobView` makes. */
export const JobSchema = z
  .strictObject({
    object: z.literal('job'),
    id: id('job'),
    kind: z.enum(JOB_KINDS),
    status: z.enum(JOB_STATUSES).meta({ description: 'final only when no copy is `scheduled`, `queued` or `sending`' }),
    name: z.string().nullable().meta({ description: 'of a campaign' }),
    ownerId: z.string().nullable(),
    total: count,
    expanding: z.boolean().meta({ description: 'while true, `total` grows' }),
    expected: count.meta({ description: 'what `total` will be when it grows no more' }),
    counts: counts.nullable().meta({ description: 'null for jobs over rows' }),
    rows: z
      .strictObject({ total: count, done: count, ok: count, rejected: count })
      .nullable()
      .meta({ description: 'only of `bulk`, `import`, `redrive`, `replay`' }),
    result: z
      .record(z.string(), count)
      .nullable()
      .meta({ description: 'of `bulk`: deliveries `cancelled`, `alreadySent`, `inFlight`' }),
    progress: z.number().min(0).max(1),
    ratePerSecond: z
      .number()
      .nullable()
      .meta({ description: 'ends a second: of the last seconds, or of the whole when it is finished' }),
    etaAt: instant.nullable(),
    stalled: z
      .boolean()
      .meta({ description: 'running, something waits, and nothing moved for 30 s; `waitingFor` may say why' }),
    waitingFor: z
      .array(z.looseObject({ reason: z.string(), until: instant.nullable() }).meta({ id: 'JobWait' }))
      .meta({ description: 'why a campaign or load test does not go on now, and until when' }),
    lastActivityAt: instant,
    topFailures: z.array(failure).meta({ description: 'at most 5, the most frequent first' }),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    links: z.strictObject({ page: z.string(), topic: z.string(), emails: z.string() }),
    createdAt: instant,
    version: z.int().positive(),
  })
  .meta({ id: 'Job' });

/** What `GET /v1/jobs/{id}/failures` answers. */
export const JobFailuresSchema = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(failure),
    hasMore: z.literal(false),
    nextCursor: z.null(),
    prevCursor: z.null(),
  })
  .meta({ id: 'JobFailures', description: 'All reasons, the most frequent first; there are never many.' });
