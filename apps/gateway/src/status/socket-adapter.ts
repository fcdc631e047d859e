import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Problem } from '#http';
import type { Door } from './door.js';

type Options = NonNullable<Parameters<IoAdapter['createIOServer']>[1]>;

/** socket.io on the app's own HTTP server; foreign pages are refused before there is a socket. */
export class SocketAdapter extends IoAdapter {
  constructor(
    app: NestFastifyApplication,
    private readonly door: Door,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: Options): ReturnType<IoAdapter['createIOServer']> {
    const allowRequest: Options['allowRequest'] = (request, answer) => {
      try {
        this.door.check(request.headers);
        answer(null, true);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        refuseUpgrade(request, error);
        answer(error.code, false);
      }
    };
    return super.createIOServer(port, { ...options, allowRequest } as Options);
  }
}

/** engine.io would say 400. */
function refuseUpgrade({ socket }: IncomingMessage, { status }: Problem): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
