import { connect, type Socket } from 'node:net';
import { spreadOf, type Spread } from './percentile.js';

export interface HttpLoad {
  readonly port: number;
  readonly connections: number;
  readonly count: number;
  /** The whole request, head and body. */
  readonly request: (i: number) => string;
}

export interface HttpLoadResult {
  readonly seconds: number;
  /** Milliseconds from the request to its whole answer. */
  readonly took: Spread;
}

/**
 * Sends requests over connections that are kept alive, one under way on each. Bare sockets: a general HTTP client would
 * take a third of two cores for itself. Rejects at the first answer that is no success.
 */
export async function httpLoad({ port, connections, count, request }: HttpLoad): Promise<HttpLoadResult> {
  const took: number[] = [];
  let asked = 0;
  const began = performance.now();
  const work = async () => {
    const line = new HttpLine(port);
    try {
      while (asked < count) took.push(await line.ask(request(asked++)));
    } finally {
      line.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { seconds: (performance.now() - began) / 1000, took: spreadOf(took) };
}

/** One connection. */
class HttpLine {
  private readonly socket: Socket;
  private text = '';
  private askedAt = 0;
  private answered: { resolve: (ms: number) => void; reject: (error: Error) => void } | undefined;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => this.take(chunk));
    this.socket.on('error', (error) => this.answered?.reject(error));
    this.socket.on('close', () => this.answered?.reject(new Error('the scheduler closed a connection')));
  }

  /** Milliseconds until the answer was whole. */
  ask(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.answered = { resolve, reject };
      this.askedAt = performance.now();
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: string): void {
    this.text += chunk;
    const head = this.text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(this.text)?.[1] ?? 0);
    if (this.text.length < head + 4 + length) return;
    const answer = this.text;
    this.text = '';
    if (answer.startsWith('HTTP/1.1 2')) this.answered?.resolve(performance.now() - this.askedAt);
    else this.answered?.reject(new Error(`the scheduler refused an email: ${answer.slice(0, 400)}`));
  }
}
