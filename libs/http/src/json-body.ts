import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.js';

/** Reads JSON strictly: valid UTF-8 only (RFC 8259 8.1), and an error that says what is wrong. */
export function readJsonStrictly(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers(); // text and forms, too: a body is JSON, or refused with 415
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length === 0) return done(null, undefined); // actions need no body; who needs one will say so
    if (!isUtf8(bytes)) return done(new Problem('bad_json', 'The body is not valid UTF-8.'));
    try {
      done(null, JSON.parse(bytes.toString('utf8')));
    } catch (error) {
      done(
        new Problem('bad_json', `The body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}`),
      );
    }
  });
}
