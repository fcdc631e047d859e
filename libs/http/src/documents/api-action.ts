import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ProblemCode } from '#domain';
import { ApiAnswer } from './api-answer.js';
import { ApiIdempotencyKey } from './api-idempotency-key.js';
import { ApiIfMatch } from './api-if-match.js';
import { ApiBodyProblems, ApiProblems } from './api-problems.js';

/** What a route that does something to one thing says of itself. */
export interface Action {
  readonly summary: string;
  readonly description?: string;
  /** What it answers: the thing as it is afterwards, with its ETag. */
  readonly schema: z.ZodType;
  readonly answers?: string;
  /** Besides those of every action. */
  readonly problems: readonly ProblemCode[];
  readonly takesBody?: true;
}

const KEY_PROBLEMS = ['bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress'] as const;

/** An action on something that has a version, as `POST .../{id}/pause`. Repeated, it answers the same 200. */
export function ApiAction({ schema, answers, problems, takesBody, ...words }: Action): MethodDecorator {
  const described = takesBody ? ApiBodyProblems : ApiProblems;
  return applyDecorators(
    HttpCode(200),
    ApiOperation(words),
    ApiIfMatch(),
    ApiIdempotencyKey(),
    ApiAnswer(200, schema, { description: answers ?? 'As it is now.', headers: ['ETag'] }),
    described('not_found', ...problems, 'version_mismatch', ...KEY_PROBLEMS),
  );
}
