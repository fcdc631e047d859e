import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { jsonFault } from './json-shape.js';
import { hasTooManyValues, TOO_MANY_VALUES } from './json-size.js';
import { Problem } from './problem.js';

/** Reads JSON strictly: valid UTF-8 only (RFC 8259 8.1), and an error that says what is wrong. */
export function readJsonStrictly(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers(); // text and forms, too: a body is JSON, or refused with 415
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    const unread = whyUnread(request.headers);
    if (unread !== undefined) return done(new Problem('unsupported_media_type', unread));
    if (bytes.length === 0) return done(null, undefined); // actions need no body; who needs one will say so
    if (!isUtf8(bytes)) return done(new Problem('bad_json', 'The body is not valid UTF-8.'));
    if (hasTooManyValues(bytes)) return done(new Problem('bad_json', `The body ${TOO_MANY_VALUES}.`));
    const read = parse(bytes.toString('utf8'));
    if (read.kind === 'bad') return done(new Problem('bad_json', `The body ${read.why}.`));
    done(null, read.value);
  });
}

/** JSON is UTF-8 (RFC 8259 8.1), and nothing is unpacked for anybody. */
function whyUnread({ 'content-type': type = '', 'content-encoding': coding }: IncomingHttpHeaders): string | undefined {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) return 'Send the JSON as UTF-8.';
  if (coding !== undefined && coding.toLowerCase() !== 'identity') return 'Send the body without a Content-Encoding.';
  return undefined;
}

type Read = { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'bad'; readonly why: string };

function parse(text: string): Read {
  try {
    const value: unknown = JSON.parse(text);
    const why = jsonFault(text);
    return why === undefined ? { kind: 'json', value } : { kind: 'bad', why };
  } catch (error) {
    return { kind: 'bad', why: `is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}` };
  }
}
