import type { FastifyReply } from 'fastify';
import { fingerprint, idempotencyKey, keyReused, sendStored } from '#http';
import type { EmailRow } from '#storage';
import { refused } from './refused.js';
import type { CreatedAnswer, KeyedRequest } from './keyed-answer.js';
import type { Scheduled } from './schedule-email.js';

/** The request with its Idempotency-Key, as the use case needs it; undefined without a key. */
export function keyedRequest(
  route: string,
  header: string | undefined,
  body: object,
  answerOf: KeyedRequest['answerOf'],
): KeyedRequest | undefined {
  const key = idempotencyKey(header);
  return key === undefined ? undefined : { route, key, fingerprint: fingerprint(body), answerOf };
}

/** Answers a create: as it was stored for its key, or fresh. */
export function answerCreated(
  reply: FastifyReply,
  result: Scheduled,
  answerOf: (email: EmailRow) => CreatedAnswer,
): object | string {
  switch (result.kind) {
    case 'invalid':
      throw refused(result);
    case 'key_reused':
      throw keyReused();
    case 'answered':
      return sendStored(reply, result.answer, result.isReplay);
    case 'scheduled': {
      const { status, headers, body } = answerOf(result.email);
      void reply.status(status).headers(headers);
      return body;
    }
  }
}
