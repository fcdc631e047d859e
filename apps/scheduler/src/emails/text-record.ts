import { z } from 'zod';
import { refuse } from './fields.js';

/** An object from names to texts, which `check` looks at as a whole; at most `max` names. */
export const textRecord = <Value extends z.ZodType<string | null, string | null>>(
  value: Value,
  max: number,
  check: (record: Readonly<Record<string, string | null>>, context: z.RefinementCtx) => void,
) =>
  z.preprocess(
    (record, context) => {
      // It would be dropped in silence: an object of JavaScript has another use for this name.
      if (typeof record === 'object' && record !== null && Object.hasOwn(record, '__proto__'))
        refuse(context, 'unknown_field', '"__proto__" cannot be a name', ['__proto__']);
      return record;
    },
    z.record(z.string(), value).superRefine((record, context) => {
      const count = Object.keys(record).length;
      if (count > max) refuse(context, 'too_many', `${count} names; at most ${max}`);
      else check(record, context);
    }),
  );
