import { Readable } from 'node:stream';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import type { FieldError } from '#domain';
import { invalid } from './validation.pipe.js';

/** Aliases of older systems ignore what they do not know. */
const STRICT_PATHS = /^\/v1\//;

/**
 * Refuses query parameters where a route takes none, and a body where it takes none (422 `unknown_field`): what has a
 * schema is looked at by the pipe. Nobody may believe that `?force=true` did something.
 */
export class OnlyWhatIsAsked implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (STRICT_PATHS.test(request.url)) {
      const taken = parametersOf(context);
      const errors = [
        ...(taken.has(RouteParamtypes.QUERY) ? [] : unknownParameters(request.query)),
        ...(taken.has(RouteParamtypes.BODY) ? [] : unknownFields(request.body)),
      ];
      if (errors.length > 0) throw invalid(errors);
    }
    return next.handle();
  }
}

/** Which kinds of parameters a controller's method has; Nest keeps them as `kind:index`. */
function parametersOf(context: ExecutionContext): Set<number> {
  const kept: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
  return new Set(Object.keys(kept ?? {}).map((name) => Number(name.split(':')[0])));
}

const unknownParameters = (query: unknown): FieldError[] =>
  Object.keys(query ?? {}).map((name) => ({
    parameter: name,
    code: 'unknown_field',
    detail: `"${name}" is not a parameter of this request`,
  }));

function unknownFields(body: unknown): FieldError[] {
  if (body === undefined || body instanceof Readable) return []; // what is a stream was handed over to this route
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return [{ pointer: '', code: 'bad_type', detail: 'takes no body, or an empty object' }];
  return Object.keys(body).map((name) => ({
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code: 'unknown_field',
    detail: `"${name}" is not a field of this request`,
  }));
}
