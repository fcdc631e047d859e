import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import type { FieldCode, FieldError } from '#domain';
import { fieldWords } from './field-words.js';
import { numberErrors } from './json-numbers.js';
import { Problem } from './problem.js';

/** An issue as zod makes it; Standard Schema promises message and path only, so the rest may be missing. */
interface Issue {
  readonly message: string;
  readonly path?: readonly unknown[] | undefined;
  readonly code?: string;
  readonly origin?: string;
  readonly keys?: readonly string[];
  readonly params?: { readonly code?: FieldCode };
  readonly errors?: readonly (readonly Issue[])[];
}

const MAX_ERRORS = 50;

z.config({ customError: fieldWords }); // the same words wherever a part of a request is checked

/** Checks `@Body({ schema })`, `@Query({ schema })` and `@Param`; answers 422 with a pointer for each wrong field. */
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { schema, type }: ArgumentMetadata): Promise<unknown> {
    if (!schema) return value;
    const inexact = type === 'body' ? numberErrors(value) : [];
    if (inexact.length > 0) throw invalid(inexact);
    const result = await schema['~standard'].validate(value ?? (type === 'query' ? {} : value));
    if (!result.issues) return result.value;
    if (type === 'body' && value === undefined) throw new Problem('bad_json', 'The body is empty; send a JSON object.');
    const errors = result.issues.flatMap((issue) => fieldErrors(issue as Issue, value, [], type === 'query'));
    throw invalid(errors);
  }
}

/**
 * What is wrong with a part of a body that is checked by itself, as the pipe would say it of the whole.
 * @param above where the part stands in the body: `['emails', 3]`
 */
export const partErrors = (
  issues: readonly { readonly message: string }[],
  part: unknown,
  above: readonly (string | number)[],
): FieldError[] =>
  issues.flatMap((issue) =>
    fieldErrors(issue as Issue, part, [], false).map((error) =>
      'pointer' in error ? { ...error, pointer: above.map((key) => `/${key}`).join('') + error.pointer } : error,
    ),
  );

/** The problem `validation_failed` with everything that is wrong, at most 50 of it. */
export const invalid = (errors: readonly FieldError[]): Problem =>
  new Problem('validation_failed', summary(errors), { errors: errors.slice(0, MAX_ERRORS) });

const summary = (errors: readonly FieldError[]): string => {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  const where = first && ('pointer' in first ? first.pointer || 'the body' : first.parameter);
  return `${where ?? 'The request'}: ${first?.detail ?? 'is not valid'}${more}`;
};

function fieldErrors(issue: Issue, root: unknown, above: readonly unknown[], isQuery: boolean): FieldError[] {
  const path = [...above, ...(issue.path ?? []).map(key)];
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((name) =>
      fieldError([...path, name], 'unknown_field', `"${name}" is not a field of this request`, isQuery),
    );
  }
  if (issue.code === 'invalid_union' && issue.errors && issue.errors.length > 0) {
    return closest(issue.errors).flatMap((inner) => fieldErrors(inner, root, path, isQuery));
  }
  const code = fieldCode(issue, valueAt(root, path));
  return [fieldError(path, code, code === 'required' ? 'is required' : issue.message, isQuery)];
}

/** Of several shapes a value may have, the errors of the one that it was most likely meant to be. */
const closest = (branches: readonly (readonly Issue[])[]): readonly Issue[] =>
  branches.find((issues) => !issues.some(({ code, path }) => code === 'invalid_type' && (path ?? []).length === 0)) ??
  branches[0] ??
  [];

function fieldCode({ code, origin, params }: Issue, value: unknown): FieldCode {
  if (params?.code) return params.code;
  if (code === 'invalid_type') return value === undefined ? 'required' : 'bad_type';
  if (code === 'invalid_value') return value === undefined ? 'required' : 'unknown_value';
  if (code === 'too_small') return origin === 'string' || origin === 'array' ? 'too_short' : 'out_of_range';
  if (code === 'too_big') return origin === 'string' ? 'too_long' : origin === 'array' ? 'too_many' : 'out_of_range';
  return 'bad_format';
}

const fieldError = (path: readonly unknown[], code: FieldCode, detail: string, isQuery: boolean): FieldError =>
  isQuery
    ? { parameter: path.map(String).join('.'), code, detail }
    : { pointer: path.map((part) => `/${escaped(String(part))}`).join(''), code, detail };

/** RFC 6901 section 3. */
const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');
const key = (segment: unknown): unknown =>
  typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment;

function valueAt(root: unknown, path: readonly unknown[]): unknown {
  let value = root;
  for (const part of path) value = (value as Record<string, unknown> | null | undefined)?.[String(part)];
  return value;
}
