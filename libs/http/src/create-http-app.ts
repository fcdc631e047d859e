import { NestFactory } from '@nestjs/core';
import type { DynamicModule, Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { publicId } from '#domain';
import { isTraceparent } from '#events';
import { causedBy, newId } from '#storage';
import { type Logger, PinoLogger } from '#telemetry';
import { requireAcceptable } from './accept.js';
import { admitBody } from './admit-body.js';
import { admitCaller } from './api-key.guard.js';
import { bodyBytes, BodyBudget } from './body-budget.js';
import type { Callers } from './callers.js';
import { answerClientError } from './client-error.js';
import { readJsonStrictly } from './json-body.js';
import { OnlyWhatIsAsked } from './only-what-is-asked.js';
import { Problem, problemBody } from './problem.js';
import { ProblemFilter } from './problem.filter.js';
import { RouteTable } from './route-table.js';
import { handStreamsOver, hurry, requireType, type Streams } from './streams.js';
import { ValidationPipe } from './validation.pipe.js';

export interface HttpAppOptions {
  readonly log: Logger;
  /** Browser origins that may call; none: no CORS at all. */
  readonly origins?: readonly string[];
  /** Bytes of a body, by exact path; every other path takes 1 MiB. */
  readonly bodyLimits?: Readonly<Record<string, number>>;
  /** What routes answer that is not JSON, by path. */
  readonly otherTypes?: Readonly<Record<string, readonly string[]>>;
  /** Types of bodies that routes read as they come, by path: of any size, never as a whole in memory. */
  readonly streams?: Streams;
  /** Who may send bodies; without them, everybody. */
  readonly callers?: Callers;
}

const MIB = 1_048_576;
/** Of all bodies on their way to this process. */
const BODY_BUDGET = 64 * MIB;
/** A body has to be there within this; one that is read as it comes has longer. */
const BODY_MS = 30_000;
const STREAM_MS = 1_800_000;
const MAX_URL = 8_192;
/** An idle connection is kept longer than is said: a caller that is slow to notice must not send its next request into a closed one. */
const KEEP_ALIVE = { promisedSeconds: 5, keptMs: 15_000 } as const;
/** The API and its aliases; pages for people are found whatever a browser accepts. */
const JSON_PATHS = /^\/(?!docs|problems|schemas|health|metrics|app|openapi|asyncapi|hooks|t\/|u\/)/;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const EXPOSED = [
  'x-request-id',
  'etag',
  'link',
  'location',
  'retry-after',
  'idempotency-replayed',
  'ratelimit',
  'ratelimit-policy',
];

/** A Nest application on Fastify with the manners that all our HTTP faces share (interface 2). */
export async function createHttpApp(
  module: Type | DynamicModule,
  { log, origins = [], bodyLimits = {}, otherTypes = {}, streams = {}, callers }: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const quiet = log.child({}, { level: log.level === 'info' ? 'warn' : log.level });
  const adapter = new FastifyAdapter({
    bodyLimit: MIB,
    requestTimeout: Object.keys(streams).length > 0 ? STREAM_MS : BODY_MS,
    // Node takes the longer of the two timeouts for bodies: left at 60 s, that of headers would win.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    keepAliveTimeout: KEEP_ALIVE.keptMs,
    routerOptions: { maxParamLength: 16_384 }, // an id that is too long is one that does not exist: 404
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      requestId(request.headers['x-request-id']),
    loggerInstance: quiet,
    // A line per request is what metrics are for, and a URL may hold an address or a ticket.
    logController: new LogController({ disableRequestLogging: true }),
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const [path = ''] = request.url.split('?');
      const problem = new Problem('bad_request', 'The URL cannot be decoded.');
      quiet.debug({ err: error }, 'request refused before routing');
      void reply
        .status(problem.status)
        .headers({
          'content-type': 'application/problem+json',
          'x-request-id': request.id,
          'cache-control': 'no-store',
        })
        .send(JSON.stringify(problemBody(problem, path, request.id)));
    },
  });
  const instance = adapter.getInstance();
  const routes = new RouteTable();
  instance.addHook('onRoute', (route) => {
    routes.add(route.url, route.method);
    const limit = bodyLimits[route.url];
    if (limit !== undefined) route.bodyLimit = limit;
  });
  instance.addHook('onRequest', async (request) => {
    if (request.url.length > MAX_URL) throw new Problem('uri_too_long', 'The URL is longer than 8 KiB.');
  });
  const budget = new BodyBudget(BODY_BUDGET);
  // Before a byte of a body is read, and after the CORS headers: a page must see why it was refused.
  instance.addHook('preParsing', async (request, reply) => {
    const { headers, is404, routeOptions } = request;
    const { url = '' } = routeOptions;
    if (!is404 && JSON_PATHS.test(url)) requireAcceptable(headers.accept, otherTypes[url]);
    const limit = routeOptions.bodyLimit ?? MIB;
    const streamed = streams[url];
    const asksFirst = streamed !== undefined || bodyBytes(headers, limit) > 0;
    if (callers && !is404 && asksFirst) await admitCaller(request, reply, callers, origins);
    if (streamed) return requireType(headers['content-type'], streamed);
    admitBody(request.raw, reply.raw, limit, budget);
    if (Object.keys(streams).length > 0 && !is404) hurry(request.raw, BODY_MS);
  });
  // Behind the body, whose events come from a socket: all that a request leads to runs inside this.
  instance.addHook('preHandler', ({ headers }, _reply, done) => {
    const { traceparent } = headers;
    if (typeof traceparent === 'string' && isTraceparent(traceparent)) causedBy(traceparent, done);
    else done();
  });
  instance.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('keep-alive', `timeout=${KEEP_ALIVE.promisedSeconds}`);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new PinoLogger(quiet),
    abortOnError: false,
    bodyParser: false,
  });
  readJsonStrictly(instance);
  handStreamsOver(instance, streams);
  app.useGlobalFilters(new ProblemFilter(log, routes));
  app.useGlobalInterceptors(new OnlyWhatIsAsked());
  app.useGlobalPipes(new ValidationPipe());
  if (origins.length > 0)
    app.enableCors({ origin: [...origins], methods: METHODS, exposedHeaders: EXPOSED, maxAge: 600 });
  return app;
}

/** A caller's own id for its request, if it is harmless; else one of ours. */
function requestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(header) ? header : publicId('request', newId());
}
