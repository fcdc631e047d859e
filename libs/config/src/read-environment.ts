import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A problem that the person at the keyboard can solve: shown as it is, without a stack. */
export class SetupError extends Error {}

/** The exit status of a process whose configuration cannot be used (sysexits.h: EX_CONFIG). */
export const EXIT_CONFIG = 78;

/**
 * Reads and checks the environment of one process; every problem is named at once, as `NAME: what is wrong, example`.
 * Any `NAME` may be given as `NAME_FILE`, a file that holds the value. The only reader of `process.env`.
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<z.ZodObject<Shape>> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = readValue(name, env);
    if (value.kind === 'bad') problems.push(value.problem);
    else if (value.text !== undefined) values[name] = value.text;
  }
  const result = schema.safeParse(values);
  if (!result.success) problems.push(...result.error.issues.map((issue) => describe(issue, schema, values)));
  if (problems.length > 0) throw new SetupError(problems.join('\n'));
  return result.data as z.infer<z.ZodObject<Shape>>;
}

type Value =
  { readonly kind: 'ok'; readonly text: string | undefined } | { readonly kind: 'bad'; readonly problem: string };

function readValue(name: string, env: NodeJS.ProcessEnv): Value {
  const text = env[name];
  const file = env[`${name}_FILE`];
  if (text !== undefined && text !== '') return { kind: 'ok', text };
  if (file === undefined || file === '') return { kind: 'ok', text: undefined };
  try {
    return { kind: 'ok', text: readFileSync(file, 'utf8').trim() };
  } catch {
    return { kind: 'bad', problem: `${name}_FILE: "${file}" cannot be read` };
  }
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodObject, values: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0] ?? '');
  const field = schema.shape[name];
  // Its JSON Schema also knows what is said of a field inside `.default()` and `.optional()`.
  const { example } = field ? (z.toJSONSchema(field, { io: 'input' }) as { readonly example?: string }) : {};
  const what = name in values ? issue.message : 'is required';
  return `${name}: ${what}${example === undefined ? '' : `, for example ${example}`}`;
}
