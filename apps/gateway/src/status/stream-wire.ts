import type { ServerResponse } from 'node:http';
import type { Wire } from './listener.js';
import type { LiveEvent } from './live-event.js';

const FULL_BYTES = 131_072;
/** Proxies and browsers take a connection for dead on which nothing comes. */
const COMMENT_MS = 15_000;

/** One event as `text/event-stream` has it. */
export const streamFrame = (event: LiveEvent): Buffer => frame(event.type, event.cursor, event);

/** @param id what a browser sends as `Last-Event-ID` when it comes back */
export const frame = (type: string, id: string, data: unknown): Buffer =>
  Buffer.from(`event: ${type}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);

/** A client over server-sent events. */
export function streamWire(response: ServerResponse): Wire {
  const write = (bytes: Buffer): void => {
    if (!response.destroyed) response.write(bytes);
  };
  const comments = setInterval(() => {
    if (response.headersSent && response.writableLength === 0) write(Buffer.from(': still here\n\n'));
  }, COMMENT_MS);
  response.once('close', () => clearInterval(comments));
  return {
    kind: 'stream',
    get isFull() {
      return response.writableLength > FULL_BYTES;
    },
    get isClear() {
      return response.writableLength === 0;
    },
    send: (event) => write(streamFrame(event)),
    write,
    close: () => response.end(),
    cut: () => response.destroy(),
    end: () => response.destroy(),
  };
}
