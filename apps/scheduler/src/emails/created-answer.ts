import { emailView, etag } from '#http';
import type { EmailRow } from '#storage';
import type { CreatedAnswer } from './keyed-answer.js';

/** What `POST /v1/emails` answers, and what a repeat of it gets again. */
export const createdAnswer = (email: EmailRow): CreatedAnswer => {
  const body = emailView(email);
  return { status: 202, headers: { location: `/v1/emails/${body.id}`, etag: etag(body.version) }, body };
};
