import type { IncomingHttpHeaders } from 'node:http';
import { type CanActivate, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, RequestWithCaller } from './caller.js';
import { bearerKey, type Callers } from './callers.js';
import { checkOrigin } from './origin.js';
import { Problem } from './problem.js';
import { ANY_SCOPE, hasScope, NEEDED_SCOPE, type Scope } from './scope.js';

const PUBLIC = 'mailtide:public';

/** Marks a route that needs no key: health, metrics, documents. Everything else is denied by default. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Finds the caller of every request that is not public. */
export class ApiKeyGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(
    private readonly callers: Callers,
    private readonly origins: readonly string[],
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true; // sockets show their key in the handshake
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [context.getHandler(), context.getClass()]))
      return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & RequestWithCaller>();
    const caller = await admitCaller(request, http.getResponse<FastifyReply>(), this.callers, this.origins);
    this.checkScope(context, caller);
    return true;
  }

  private checkScope(context: ExecutionContext, caller: Caller): void {
    const needed = this.reflector.getAllAndOverride<Scope | typeof ANY_SCOPE | undefined>(NEEDED_SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (needed === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} says no scope`);
    if (needed === ANY_SCOPE) return;
    if (!hasScope(caller.scopes, needed))
      throw new Problem('scope_missing', `This needs a key with the scope ${needed}.`);
  }
}

/**
 * Who asks, once per request: a request with a body is looked at before its body is read. Notes it in the request, and
 * what is left of its rate in the answer. Throws what `findCaller` throws, and the problem `rate_limited`.
 */
export async function admitCaller(
  request: FastifyRequest & RequestWithCaller,
  reply: FastifyReply,
  callers: Callers,
  origins: readonly string[],
): Promise<Caller> {
  if (request.caller) return request.caller;
  const caller = await findCaller(request.headers, callers, origins);
  limitRate(reply, callers, caller);
  request.caller = caller;
  return caller;
}

/** Counts a request of a caller, and says in the answer what is left of its rate. Throws the problem `rate_limited`. */
export function limitRate(reply: FastifyReply, callers: Callers, caller: Caller): void {
  const allowance = callers.rateLimit?.take(caller.keyId ?? caller.tenantId);
  if (allowance) void reply.headers(allowance.headers);
  if (allowance?.isAllowed === false) {
    throw new Problem(
      'rate_limited',
      'This key calls faster than API_RATE allows. Wait, or send more at once: POST /v1/emails/batch.',
      {
        headers: { 'retry-after': '1' },
      },
    );
  }
}

/** Who asks, by the headers alone. Throws the problems `unauthorized` and, in `dev`, `origin_not_allowed`. */
export async function findCaller(
  headers: IncomingHttpHeaders,
  callers: Callers,
  origins: readonly string[],
): Promise<Caller> {
  if (callers.authMode === 'dev') checkOrigin(headers, origins);
  const bearer = bearerKey(headers.authorization);
  const caller = bearer === 'bad' ? undefined : await callers.find(bearer.key);
  if (!caller) throw unauthorized();
  return caller;
}

/** One answer for missing, unknown, expired and revoked keys. */
export const unauthorized = (): Problem =>
  new Problem('unauthorized', 'Send `Authorization: Bearer mt_live_…` or `mt_test_…` with a valid key.', {
    headers: { 'www-authenticate': 'Bearer' },
  });
