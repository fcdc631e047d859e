import type { EmailRow, IdempotencyKey, KeyedAnswer, NewEmail, StoredAnswer } from '#storage';
import { rowOf } from './stored-email.js';

/** The answer to a created email: what a repeat of its request gets again. */
export interface CreatedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** A request with an Idempotency-Key (interface 2). */
export interface KeyedRequest {
  readonly route: string;
  readonly key: string;
  /** SHA-256 of the request in canonical form. */
  readonly fingerprint: Buffer;
  readonly answerOf: (email: EmailRow) => CreatedAnswer;
}

/** A stored answer with the fingerprint of the request that it answered. */
export type StoredKey = StoredAnswer & { readonly fingerprint: Buffer };

/** Stands for an instant that only the database knows; no text of a caller can be taken for it. */
class ClockToken extends Date {
  readonly token = `clock-${crypto.randomUUID()}`;

  override toISOString(): string {
    return this.token;
  }
}

/** The answer as it will be, with a token where the database's time belongs. */
export function keyedAnswer(email: NewEmail, key: IdempotencyKey & KeyedRequest): KeyedAnswer {
  const clock = new ClockToken();
  const row = rowOf(email, { scheduledAt: email.scheduledAt ?? clock, createdAt: clock });
  const { status, headers, body } = key.answerOf(row);
  return { ...key, answer: { status, headers, body: JSON.stringify(body) }, clockToken: clock.token };
}
