import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { StoredAnswer } from '#storage';
import { Problem } from './problem.js';

/** A request's Idempotency-Key as it was sent; undefined without one. Throws `bad_idempotency_key`. */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x20-\x7e]{1,255}$/.test(header)) return header;
  throw new Problem('bad_idempotency_key', 'Idempotency-Key must be 1 to 255 printable ASCII characters, sent once.');
}

/** What two requests must share to be one: SHA-256 of their body in canonical form (RFC 8785: names sorted; bytes by their own SHA-256). */
export const fingerprint = (body: unknown): Buffer => sha256(canonical(body));

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return `"${sha256(value).toString('hex')}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** The key belongs to a request that said something else. */
export const keyReused = (): Problem =>
  new Problem(
    'idempotency_key_reused',
    'This Idempotency-Key was used for a request with another body. Use a new key for a new request.',
  );

/** Whoever came first with this key has no answer yet. */
export const keyInProgress = (): Problem =>
  new Problem('idempotency_in_progress', 'The first request with this Idempotency-Key is still running.', {
    headers: { 'retry-after': '1' },
  });

/** Gives a stored answer, byte for byte. */
export function sendStored(reply: FastifyReply, answer: StoredAnswer, isReplay: boolean): string {
  void reply.status(answer.status).headers(answer.headers).type('application/json; charset=utf-8');
  if (isReplay) void reply.header('idempotency-replayed', 'true');
  return answer.body;
}
