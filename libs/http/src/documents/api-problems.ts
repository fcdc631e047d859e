import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { type ProblemCode, PROBLEMS } from '#domain';

/** What can happen to any call. */
const ANY_CALL = [
  'bad_request',
  'unauthorized',
  'scope_missing',
  'origin_not_allowed',
  'rate_limited',
  'internal',
  'unavailable',
  'draining',
] as const;
/** What can happen to any call with a body. */
const ANY_BODY = ['bad_json', 'too_large', 'unsupported_media_type', 'validation_failed'] as const;

/** Describes the problems that a route answers with, besides those of every route. */
export const ApiProblems = (...codes: readonly ProblemCode[]): MethodDecorator => described([...ANY_CALL, ...codes]);

/** The same for a route that takes a body. */
export const ApiBodyProblems = (...codes: readonly ProblemCode[]): MethodDecorator =>
  described([...ANY_CALL, ...ANY_BODY, ...codes]);

function described(codes: readonly ProblemCode[]): MethodDecorator {
  const statuses = new Set(codes.map((code) => PROBLEMS[code].status));
  const ofStatus = (status: number) => codes.filter((code) => PROBLEMS[code].status === status);
  return applyDecorators(...[...statuses].map((status) => problemAnswer(status, ofStatus(status))));
}

const problemAnswer = (status: number, codes: readonly ProblemCode[]): MethodDecorator =>
  ApiResponse({
    status,
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join('\n'),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
