import { z } from 'zod';
import { type LoadTestScript, MAX_LOAD_TEST } from '#domain';
import { bodyText, ownerId, refuse, subject } from '../emails/fields.js';

/** Faster than any machine that this is tried on. */
const MAX_RATE = 100_000;
const MAX_SEED = 4_294_967_295;

export const loadTestCount = z
  .int()
  .min(0)
  .max(MAX_LOAD_TEST)
  .meta({ description: `how many made-up people get it: 0 to ${MAX_LOAD_TEST}`, examples: [5000] });

const share = z.number().min(0).max(1);

const failures = z
  .strictObject({
    temporary: share.default(0).meta({ description: 'the part that is refused once and taken then' }),
    permanent: share.default(0).meta({ description: 'the part that is refused for good' }),
  })
  .superRefine(({ temporary, permanent }, context) => {
    if (Math.max(temporary, permanent) <= 1 && temporary + permanent > 1)
      refuse(context, 'out_of_range', 'temporary and permanent are more than 1 together');
  });

/** The body of `POST /v1/load-tests`. */
export const LoadTestRequest = z
  .strictObject({
    count: loadTestCount,
    ratePerSecond: z
      .int()
      .min(1)
      .max(MAX_RATE)
      .nullable()
      .default(null)
      .meta({ description: 'so many a second in the mean, evenly; null: as fast as they go' }),
    subject: subject.default('Load test'),
    text: bodyText.min(1).default('One of many: a load test of Mailtide. Nobody lives at this address.'),
    failures: failures.default({ temporary: 0, permanent: 0 }),
    seed: z.int().min(0).max(MAX_SEED).default(1).meta({ description: 'the same seed makes the same people fail' }),
    ownerId: ownerId.nullable().default(null),
  })
  .meta({ id: 'LoadTestRequest' });
export type LoadTestRequest = z.infer<typeof LoadTestRequest>;

export const scriptOf = ({ count, ratePerSecond, failures: shares, seed }: LoadTestRequest): LoadTestScript => ({
  count,
  ratePerSecond,
  failures: shares,
  seed,
});
