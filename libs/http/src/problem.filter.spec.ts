import { type ArgumentsHost, BadRequestException, NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { logOptions } from '#telemetry';
import { Problem, type ProblemBody } from './problem.js';
import { ProblemFilter } from './problem.filter.js';
import { RouteTable } from './route-table.js';

const lines: string[] = [];
const log = pino(logOptions({ app: 'http', level: 'info' }), { write: (line: string) => void lines.push(line) });
const filter = new ProblemFilter(log, new RouteTable());
const withCode = (code: string, statusCode?: number) =>
  Object.assign(new Error(`secret of ${code}`), { code, statusCode });

function answerTo(error: unknown): { status: number; type: string; headers: object; body: ProblemBody } {
  const answer: Record<string, unknown> = { sent: false };
  const keep = (name: string) => (value: unknown) => {
    answer[name] = value;
    return reply;
  };
  const reply = {
    sent: false,
    status: keep('status'),
    headers: keep('headers'),
    type: keep('type'),
    send: keep('body'),
  };
  const request = { id: 'req_1', url: '/v1/emails?key=secret' };
  const http = { getRequest: () => request, getResponse: () => reply };
  const host = { switchToHttp: () => http } as unknown as ArgumentsHost;
  filter.catch(error, host); // oxlint-disable-line promise/no-promise-in-callback -- no promise is near
  return answer as never;
}

describe('an error as a problem', () => {
  it.each<[string, unknown, number, string]>([
    ['one of ours', new Problem('in_flight', 'it is under way'), 409, 'in_flight'],
    ['no route', new NotFoundException('Cannot GET /secret'), 404, 'not_found'],
    ['a bad request of the framework', new BadRequestException('x'), 400, 'bad_request'],
    ['a body too large', new PayloadTooLargeException(), 413, 'too_large'],
    ['a body too large, by Fastify', withCode('FST_ERR_CTP_BODY_TOO_LARGE', 413), 413, 'too_large'],
    ['a content type, by Fastify', withCode('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 415, 'unsupported_media_type'],
    ['a length that lies', withCode('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400), 400, 'bad_request'],
    ['no connection', withCode('ECONNREFUSED'), 503, 'unavailable'],
    ['a broken connection', withCode('ECONNRESET'), 503, 'unavailable'],
    ['a name that is not found', withCode('EAI_AGAIN'), 503, 'unavailable'],
    ['a server that shuts down', withCode('57P01'), 503, 'unavailable'],
    ['a server that starts', withCode('57P03'), 503, 'unavailable'],
    ['a statement that took too long', withCode('57014'), 503, 'unavailable'],
    ['too many connections', withCode('53300'), 503, 'unavailable'],
    ['a full disk', withCode('53100'), 503, 'unavailable'],
    ['a deadlock', withCode('40P01'), 503, 'unavailable'],
    ['a standby', withCode('25006'), 503, 'unavailable'],
    ['the driver without a code', new Error('Connection terminated unexpectedly'), 503, 'unavailable'],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), 503, 'unavailable'],
    ['a client that went away', Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), 400, 'bad_request'],
    ['a broken rule of the database', withCode('23505'), 500, 'internal'],
    ['a bug', new TypeError('x is undefined'), 500, 'internal'],
    ['a text', 'secret', 500, 'internal'],
    ['nothing', undefined, 500, 'internal'],
    ['null', null, 500, 'internal'],
  ])('%s', (_what, error, status, code) => {
    const answer = answerTo(error);
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    expect(answer.body).toMatchObject({
      status,
      code,
      type: `/problems/${code}`,
      instance: '/v1/emails',
      requestId: 'req_1',
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect('retry-after' in answer.headers).toBe(status === 503);
  });
});

describe('the log', () => {
  it.each<[string, unknown, number]>([
    ['tells of a bug', new TypeError('x is undefined'), 1],
    ['tells of a database that is away', withCode('ECONNRESET'), 1],
    ['is quiet about what a client did wrong', new Problem('in_flight', 'it is under way'), 0],
    [
      'is quiet about a client that went away',
      Object.assign(new Error('aborted'), { code: 'ECONNRESET', statusCode: 400 }),
      0,
    ],
  ])('%s', (_what, error, count) => {
    lines.length = 0;
    answerTo(error);
    expect(lines).toHaveLength(count);
  });
});
