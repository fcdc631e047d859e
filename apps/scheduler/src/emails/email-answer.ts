import type { EmailId } from '#domain';
import { type ActionAnswer, type Caller, emailView, etag, type Problem } from '#http';
import { type EmailRow, getEmail, type Queryable } from '#storage';
import type { ChangeEmails } from './change-emails.js';
import { notChanged } from './not-changed.js';
import { noSuchEmail } from './not-found.js';
import { refused } from './refused.js';

/** Changes one email in an open transaction; its answer, or why it was left as it is. */
export async function changeEmail(
  tx: Queryable,
  caller: Caller,
  id: EmailId,
  change: ChangeEmails,
  { ifVersion, view = emailView }: { readonly ifVersion: number | undefined; readonly view?: typeof emailView },
): Promise<ActionAnswer | Problem> {
  const [result] = await change(tx, caller, [id], { ifVersion });
  const email = await getEmail(tx, caller.tenantId, caller.mode, id);
  if (!result || !email) return noSuchEmail();
  return result.kind === 'done' ? emailAnswer(email, view) : refused(notChanged(result.code, email));
}

/** The answer of an action: the email as it is after it. */
export const emailAnswer = (email: EmailRow, view: typeof emailView = emailView): ActionAnswer => ({
  status: 200,
  headers: { etag: etag(email.version) },
  body: view(email),
  emailId: email.id,
});
