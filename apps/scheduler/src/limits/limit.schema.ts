import { z } from 'zod';
import { findZone, LONGEST_WINDOW_SECONDS, MAX_OF_RULE, MAX_RULES, ruleProblem } from '#domain';
import { viewFields } from '#http';
import { pageFields } from '../emails/email.schema.js';
import { refuse } from '../emails/fields.js';
import { NO_ZONE } from '../emails/time.schema.js';

const { count, instant } = viewFields;

const whole = (max: number) => z.int().min(1).max(max);

/** Names of zones as tzdata writes them. */
const timeZone = z
  .string()
  .transform((name, context): string => findZone(name)?.id ?? refuse(context, 'bad_time_zone', `${NO_ZONE}.`))
  .meta({ description: 'IANA; of the mode calendar: whose days they are', examples: ['Europe/Berlin'] });

const rule = z
  .strictObject({
    max: whole(MAX_OF_RULE).meta({ description: 'so many' }),
    windowSeconds: whole(LONGEST_WINDOW_SECONDS).meta({
      description: 'in so long; of the mode calendar a part of a day that fills it, 86,400 or 604,800',
    }),
    mode: z.enum(['rolling', 'calendar']).default('rolling').meta({
      description: '`rolling`: in any window of this length; `calendar`: in each hour, day or week of a zone',
    }),
    timeZone: timeZone.nullable().default(null),
    burst: whole(MAX_OF_RULE)
      .nullable()
      .default(null)
      .meta({ description: 'no more at once after a pause; null: as many as the window holds' }),
  })
  .superRefine((one, context) => {
    const problem = context.issues.length === 0 ? ruleProblem(one) : undefined; // said already
    if (problem) refuse(context, problem.code, problem.detail, [problem.field]);
  })
  .meta({ id: 'LimitRule' });

/** The body of `PUT /v1/limits/{scope}` (interface 3.5). */
export const LimitRequest = z
  .strictObject({
    rules: z
      .array(rule)
      .min(1, 'at least one rule; DELETE removes the limit')
      .max(MAX_RULES, `at most ${MAX_RULES} rules`)
      .superRefine(refuseTwins)
      .meta({ description: 'all of them hold' }),
  })
  .meta({ id: 'LimitRequest' });
export type LimitRequest = z.infer<typeof LimitRequest>;

/** The query of `GET /v1/limits`. */
export const LimitQuery = z.strictObject(pageFields);
export type LimitQuery = z.infer<typeof LimitQuery>;

const ruleInUse = z
  .strictObject({
    max: z.int(),
    windowSeconds: z.int(),
    mode: z.enum(['rolling', 'calendar']),
    timeZone: z.string().nullable(),
    burst: z.int().nullable(),
    used: count.nullable().meta({
      description:
        'what counts now, in the mode of the key; null: of the scope contact, where each recipient has its own',
    }),
    remaining: count.nullable().meta({ description: 'what is left; 0 where more was used than the rule allows now' }),
    nextFreeAt: instant.nullable().meta({ description: 'when one more may go; null: now' }),
  })
  .meta({ id: 'LimitRuleInUse' });

/** What `limitView` makes. */
export const LimitSchema = z
  .strictObject({
    object: z.literal('limit'),
    scope: z.string().meta({ examples: ['tenant', 'domain:gmail', 'sender:acme.example'] }),
    rules: z.array(ruleInUse),
    version: z.int().positive(),
  })
  .meta({ id: 'Limit' });

/** Two rules of one window say different things of the same. */
function refuseTwins(
  rules: readonly { readonly windowSeconds: number; readonly mode: string }[],
  context: z.RefinementCtx,
): void {
  const seen = new Set<string>();
  for (const [index, { windowSeconds, mode }] of rules.entries()) {
    const window = `${mode} ${windowSeconds}`;
    if (seen.has(window)) refuse(context, 'conflict', 'another rule has this window', [index, 'windowSeconds']);
    seen.add(window);
  }
}
