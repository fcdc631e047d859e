import { z } from 'zod';
import { FIELD_CODES, type ProblemCode, PROBLEMS } from '#domain';

const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

const wrong = { code: z.enum(FIELD_CODES), detail: z.string() };

/** What `problemBody` makes (RFC 9457). */
export const ProblemSchema = z
  .strictObject({
    type: z.string().meta({ examples: ['/problems/validation_failed'] }),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(codes).meta({ description: 'the identity of the problem; what to do about it is in docs/errors.md' }),
    detail: z.string().meta({ description: 'for people' }),
    instance: z.string().meta({ description: 'the path that was asked for' }),
    requestId: z.string(),
    errors: z
      .array(
        z.union([
          z.strictObject({ pointer: z.string().meta({ description: 'JSON pointer into the body' }), ...wrong }),
          z.strictObject({ parameter: z.string().meta({ description: 'name in the query' }), ...wrong }),
        ]),
      )
      .max(50),
    current: z.looseObject({}).nullable().meta({ description: 'on 409 what stood in the way, on 412 the resource' }),
  })
  .meta({ id: 'Problem' });
