import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import * as groups from './variables.js';

interface Described {
  readonly description?: string;
  readonly example?: string;
}

/** Examples that only hint at their shape: a whole one would be taken for a secret. */
const SHORTENED = new Set(['BOOTSTRAP_KEY', 'SECRET_KEY']);

const variables = Object.values(groups).flatMap((group) => Object.entries<z.ZodType>(group));

describe.each(variables)('%s', (name, schema) => {
  const { description, example } = z.toJSONSchema(schema, { io: 'input' }) as Described;

  it('says what it means, in a sentence', () => {
    expect(description).toMatch(/^\S.*\.$/);
  });

  it('has an example that it accepts', () => {
    expect(example).toEqual(expect.any(String));
    expect(SHORTENED.has(name) || schema.safeParse(example).success).toBe(true);
  });
});

describe('the variables', () => {
  it('have one name each', () => {
    const names = variables.map(([name]) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
