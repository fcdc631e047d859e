import { z } from 'zod';
import { type IdName, type Id, parseInstant, parsePublicId } from '#domain';

const idOf = <Name extends IdName>(name: Name) =>
  z.string().transform((text, context): Id<Name> => {
    const id = parsePublicId(name, text);
    if (id) return id;
    context.addIssue({
      code: 'custom',
      message: `"${text.slice(0, 40)}" is no id of this kind`,
      params: { code: 'bad_format' },
    });
    return z.NEVER;
  });

const instant = z.string().transform((text, context) => {
  const parsed = parseInstant(text);
  if (parsed.kind === 'ok') return new Date(parsed.at);
  context.addIssue({ code: 'custom', message: parsed.detail, params: { code: parsed.code } });
  return z.NEVER;
});

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const text = z
  .string()
  .max(998)
  .refine((value) => !value.includes('\0'), { error: 'contains NUL', params: { code: 'injection' } });

const filter = {
  to: text.optional(),
  from: text.optional(),
  subject: text.optional(),
  emailId: idOf('email').optional(),
  deliveryId: idOf('delivery').optional(),
  jobId: idOf('job').optional(),
  since: instant.optional(),
};
const fields = { fields: z.literal('envelope').optional() };

/** `GET /v1/sandbox/messages` */
export const ListQuery = z
  .strictObject({
    ...filter,
    ...fields,
    limit: whole(1, 100).default(25),
    after: z.string().optional(),
    before: z.string().optional(),
  })
  .refine(({ after, before }) => after === undefined || before === undefined, {
    error: 'send after or before, not both',
    path: ['before'],
    params: { code: 'conflict' },
  });
export type ListQuery = z.infer<typeof ListQuery>;

/** `DELETE /v1/sandbox/messages` */
export const DeleteQuery = z.strictObject(filter);
export type DeleteQuery = z.infer<typeof DeleteQuery>;

/** `GET /v1/sandbox/wait` */
export const WaitQuery = z.strictObject({
  ...filter,
  ...fields,
  count: whole(1, 100).default(1),
  timeoutSeconds: whole(0, 60).default(10),
});
export type WaitQuery = z.infer<typeof WaitQuery>;

/** `GET /v1/sandbox/stats` */
export const StatsQuery = z.strictObject({ emailId: filter.emailId, jobId: filter.jobId });
export type StatsQuery = z.infer<typeof StatsQuery>;
