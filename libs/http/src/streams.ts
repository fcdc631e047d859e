import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { answerClientError } from './client-error.js';
import { Problem } from './problem.js';

/** Types of bodies that a route reads as they come, by its path. */
export type Streams = Readonly<Record<string, readonly string[]>>;

/** Hands bodies over to their routes unread. The route counts the bytes and reads to the end, or the caller never sees its answer. */
export function handStreamsOver(instance: FastifyInstance, streams: Streams): void {
  for (const type of new Set(Object.values(streams).flat())) {
    instance.addContentTypeParser(type, (request, payload, done) => {
      const { url = '' } = request.routeOptions;
      const { 'content-encoding': coding = 'identity' } = request.headers;
      if (request.is404) return done(null, undefined); // says so itself
      if (!streams[url]?.includes(type)) return done(new Problem('unsupported_media_type', 'Send JSON.'));
      if (coding.toLowerCase() !== 'identity')
        return done(new Problem('unsupported_media_type', 'Send the body without a Content-Encoding.'));
      done(null, payload);
    });
  }
}

/** Throws `unsupported_media_type` unless a body is of a type that its route reads. */
export function requireType(type: string | undefined, types: readonly string[]): void {
  const [bare = ''] = (type ?? '').toLowerCase().split(';');
  if (!types.includes(bare.trim())) throw new Problem('unsupported_media_type', `Send ${types.join(' or ')}.`);
}

/** Ends a request whose body is not there in time: where some bodies are read for long, the server's own timeout is too late. */
export function hurry(request: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => {
    if (request.complete) return;
    const error = Object.assign(new Error('the body took too long'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    answerClientError(error, request.socket);
  }, ms);
  timer.unref();
  for (const event of ['end', 'close']) request.once(event, () => clearTimeout(timer));
}
