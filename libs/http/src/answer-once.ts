import type { FastifyReply } from 'fastify';
import type { EmailId, JobId } from '#domain';
import { type Database, doOnce, type DoneOnce, type IdempotencyKey, type Queryable } from '#storage';
import type { Caller } from './caller.js';
import { fingerprint, idempotencyKey, keyInProgress, keyReused, sendStored } from './idempotency.js';
import { Problem } from './problem.js';

/** A successful answer of an action, before it is written. */
export interface ActionAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
  /** What the answer is about: it is kept until that has come to its end, and 30 days longer. */
  readonly emailId?: EmailId | null;
  readonly jobId?: JobId | null;
}

/** A POST as its key sees it. */
export interface ActionRequest {
  /** Method and path as documented, `POST /v1/emails/{id}/cancel`: one key may be used once for each. */
  readonly route: string;
  /** The Idempotency-Key header, unread. */
  readonly header: string | string[] | undefined;
  /** All that two requests must share to be one: ids of the path, query and body. */
  readonly says: object;
}

/**
 * Runs the action of a POST in one transaction, together with the answer that a repeat under its Idempotency-Key gets,
 * byte for byte. What `work` throws rolls everything back and is not stored. A problem that it returns is answered and not
 * stored either, but what was done stays done. Without a key it simply runs.
 * Throws the problems `bad_idempotency_key`, `idempotency_key_reused` and `idempotency_in_progress`.
 */
export async function answerOnce(
  reply: FastifyReply,
  db: Database,
  caller: Caller,
  { route, header, says }: ActionRequest,
  work: (tx: Queryable) => Promise<ActionAnswer | Problem>,
): Promise<object | string> {
  const text = idempotencyKey(header);
  const { tenantId, mode } = caller;
  const scoped = db.of(tenantId);
  if (text === undefined) return send(reply, await scoped.transaction(work));
  const key: IdempotencyKey = { tenantId, mode, route, key: text, fingerprint: fingerprint(says) };
  const once = await scoped.transaction((tx) =>
    doOnce(tx, key, async () => {
      const answer = await work(tx);
      return answer instanceof Problem ? { refusal: answer } : stored(answer);
    }),
  );
  switch (once.kind) {
    case 'done':
      return sendStored(reply, once.answer, false);
    case 'repeated':
      return sendStored(reply, once.answer, true);
    case 'refused':
      throw once.refusal;
    case 'reused':
      throw keyReused();
    case 'in_progress':
      throw keyInProgress();
  }
}

function send(reply: FastifyReply, answer: ActionAnswer | Problem): object {
  if (answer instanceof Problem) throw answer;
  const { status, headers = {}, body } = answer;
  void reply.status(status).headers(headers);
  return body;
}

const stored = ({ status, headers = {}, body, emailId = null, jobId = null }: ActionAnswer): DoneOnce<null> => ({
  result: null,
  answer: { status, headers, body: JSON.stringify(body) },
  emailId,
  jobId,
});
