import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemCode } from '#domain';
import type { Logger } from '#telemetry';
import { isDatabaseAway } from './database-away.js';
import { Problem, problemBody } from './problem.js';
import type { RouteTable } from './route-table.js';

/** Writes every error as `application/problem+json`. What we did not foresee is a bug: logged whole, told as `internal`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    const [path = ''] = request.url.split('?');
    const problem = this.otherMethod(error, path) ?? asProblem(error);
    if (isAborted(error)) this.log.debug({ requestId: request.id }, 'a client went away before its body had come');
    else if (problem.status >= 500)
      this.log.error({ err: error, requestId: request.id, code: problem.code }, 'request failed');
    void reply
      .status(problem.status)
      .headers(problem.details.headers ?? {})
      .type('application/problem+json')
      .send(problemBody(problem, path, request.id));
  }

  /** A path that exists and does not take this method; Nest only knows that no route was found. */
  private otherMethod(error: unknown, path: string): Problem | undefined {
    if (!(error instanceof NotFoundException)) return undefined;
    const methods = this.routes.methodsOf(path).join(', ');
    if (methods === '') return undefined;
    return new Problem('method_not_allowed', `This path takes ${methods}.`, { headers: { allow: methods } });
  }
}

/** What Node says of a request whose client went away; nobody hears the answer. */
const isAborted = (error: unknown): boolean =>
  error instanceof Error && error.message === 'aborted' && 'code' in error && error.code === 'ECONNRESET';

/** What Fastify and Nest say in their own words. */
const FASTIFY_CODES: Readonly<Record<string, [ProblemCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too_large', 'The body is larger than this path takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send `content-type: application/json`.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad_request', 'The Content-Length does not fit the body.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['bad_json', 'The body is empty; send a JSON object.'],
  FST_ERR_BAD_URL: ['bad_request', 'The URL cannot be decoded.'],
};

const HTTP_CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'bad_request',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  413: 'too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isAborted(error)) return new Problem('bad_request', 'The body did not arrive whole.');
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? FASTIFY_CODES[code] : undefined;
  if (known) return new Problem(known[0], known[1]);
  if (isDatabaseAway(error)) {
    return new Problem('unavailable', 'The database does not answer now. Try again.', {
      headers: { 'retry-after': '2' },
    });
  }
  const status = error instanceof HttpException ? error.getStatus() : typeof statusCode === 'number' ? statusCode : 500;
  const httpCode = HTTP_CODES[status];
  if (httpCode === 'unsupported_media_type') return new Problem(httpCode, 'Send `content-type: application/json`.');
  if (httpCode === 'too_large') return new Problem(httpCode, 'The body is larger than this path takes.');
  if (httpCode === 'not_found') return new Problem('not_found', 'There is nothing at this path.');
  if (httpCode) return new Problem(httpCode, error instanceof Error ? error.message : 'The request is malformed.');
  return new Problem('internal', 'Something broke on our side. It is logged under this requestId.');
}
