import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { publicId } from '#domain';
import { newId } from '#storage';
import { Problem, problemBody } from './problem.js';

/** Answers what is no HTTP request, so that nothing but this can answer it: as a problem, like everything else. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) socket.write(answerTo(error.code));
  socket.destroy();
}

/** A process that stood still finds requests late that came in time: who sent them may send them again. */
const PROBLEMS_OF = new Map([
  ['HPE_HEADER_OVERFLOW', new Problem('headers_too_large', 'The headers are larger than 16 KiB.')],
  ['ERR_HTTP_REQUEST_TIMEOUT', new Problem('request_timeout', 'The request was not there as a whole in time.')],
]);
const NO_REQUEST = new Problem('bad_request', 'This is no HTTP request.');

function answerTo(code: string | undefined): string {
  const problem = PROBLEMS_OF.get(code ?? '') ?? NO_REQUEST;
  const id = publicId('request', newId());
  const body = JSON.stringify(problemBody(problem, '', id));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
