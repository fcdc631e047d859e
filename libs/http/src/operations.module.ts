import { Controller, type DynamicModule, Get, Header, Module, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { Public } from './api-key.guard.js';
import { Problem } from './problem.js';
import { type ReadyAnswer, Readiness } from './readiness.js';

export interface OperationsOptions {
  readonly readiness: Readiness;
  readonly registry: Registry;
  readonly metricsToken: string | undefined;
}

/** The three routes that every process has: alive, ready, metrics. */
@Module({})
export class OperationsModule {
  static with({ readiness, registry, metricsToken }: OperationsOptions): DynamicModule {
    @Public()
    @Controller()
    class OperationsController {
      @Get('health/live')
      @Header('cache-control', 'no-store')
      live(): { status: 'live' } {
        return { status: 'live' };
      }

      @Get('health/ready')
      async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyAnswer> {
        const answer = await readiness.answer();
        void reply.status(answer.status === 'ready' ? 200 : 503);
        return answer;
      }

      /** For this machine, or for whoever holds the token; for anybody else there is nothing here. */
      @Get('metrics')
      async metrics(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
        const hasToken = metricsToken !== undefined && request.headers.authorization === `Bearer ${metricsToken}`;
        if (!hasToken && !isLoopbackPeer(request.socket.remoteAddress))
          throw new Problem('not_found', 'There is nothing at this path.');
        void reply.type(registry.contentType);
        return registry.metrics();
      }
    }
    return { module: OperationsModule, controllers: [OperationsController] };
  }
}

const isLoopbackPeer = (address: string | undefined): boolean =>
  address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
