import type { IncomingMessage } from 'node:http';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { checkOrigin, Problem } from '#http';

type Options = NonNullable<Parameters<IoAdapter['createIOServer']>[1]>;

/** socket.io on the app's own HTTP server; foreign pages are refused before there is a socket. */
export class SocketAdapter extends IoAdapter {
  constructor(
    app: NestFastifyApplication,
    private readonly origins: readonly string[],
    private readonly authMode: 'dev' | 'keys',
    /** Whether events are listened to: a socket that came earlier would miss those in between, and never know. */
    private readonly isListening: () => boolean,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: Options): ReturnType<IoAdapter['createIOServer']> {
    const allowRequest: Options['allowRequest'] = (request, answer) => {
      if (!this.isListening()) {
        refuseUpgrade(request, '503 Service Unavailable');
        answer('unavailable', false);
      } else if (this.isForeign(request)) {
        refuseUpgrade(request, '403 Forbidden');
        answer('origin_not_allowed', false);
      } else answer(null, true);
    };
    return super.createIOServer(port, { ...options, allowRequest } as Options);
  }

  private isForeign({ headers }: IncomingMessage): boolean {
    if (this.authMode === 'keys') return headers.origin !== undefined && !this.origins.includes(headers.origin);
    try {
      checkOrigin(headers, this.origins);
      return false;
    } catch (error) {
      if (error instanceof Problem) return true;
      throw error;
    }
  }
}

/** engine.io would say 400. */
function refuseUpgrade({ socket }: IncomingMessage, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
