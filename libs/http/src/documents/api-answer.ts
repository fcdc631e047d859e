import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** What stands in the header of answers, in words. */
const HEADERS = {
  ETag: 'The version of the resource, to be sent back as `If-Match`.',
  Location: 'The path of what was made.',
  Link: 'The pages before and after (RFC 8288).',
  'X-Request-Id': 'Yours if you sent one, else ours; it is in our log.',
} as const;

export interface Answer {
  readonly description: string;
  readonly headers?: readonly Exclude<keyof typeof HEADERS, 'X-Request-Id'>[];
}

/** Describes a success of a route: what its view looks like. */
export const ApiAnswer = (status: number, schema: z.ZodType, { description, headers = [] }: Answer): MethodDecorator =>
  ApiResponse({ status, description, standardSchema: schema, headers: headersOf([...headers, 'X-Request-Id']) });

const headersOf = (names: readonly (keyof typeof HEADERS)[]) =>
  Object.fromEntries(names.map((name) => [name, { description: HEADERS[name], schema: { type: 'string' as const } }]));
