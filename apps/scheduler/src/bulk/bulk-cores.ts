import type { EmailId } from '#domain';
import type { Caller } from '#http';
import type { Queryable } from '#storage';
import { cancelEmails } from '../emails/cancel-emails.js';
import type { EmailChange } from '../emails/change-emails.js';
import type { EditEmail } from '../emails/edit-email.js';
import { pauseEmails, resumeEmails } from '../emails/pause-emails.js';
import { sendEmailsNow, type SendNowOptions } from '../emails/send-emails-now.js';
import type { BulkCores } from './bulk-work.js';
import type { BulkPatch } from './bulk.schema.js';
import { manyAtOnce } from './many-at-once.js';

/** How each action of a bulk job changes emails. */
export const bulkCores = (editEmail: EditEmail, choicesOf: SendNowOptions['choicesOf']): BulkCores => ({
  cancel: manyAtOnce(cancelEmails),
  pause: manyAtOnce(pauseEmails),
  resume: manyAtOnce(resumeEmails),
  send_now: manyAtOnce(sendEmailsNow({ choicesOf, ignoreWindows: false })),
  update: (patch) => manyAtOnce((tx, caller, ids) => editEach(editEmail, tx, caller, ids, patch)),
});

/** One after the other: what a patch comes to depends on what each email says. */
async function editEach(
  editEmail: EditEmail,
  tx: Queryable,
  caller: Caller,
  ids: readonly EmailId[],
  patch: BulkPatch,
): Promise<EmailChange[]> {
  const changes: EmailChange[] = [];
  for (const id of ids) changes.push(changeOf(await editEmail.edit(tx, caller, id, patch, undefined)));
  return changes;
}

function changeOf(edited: Awaited<ReturnType<EditEmail['edit']>>): EmailChange {
  switch (edited.kind) {
    case 'edited':
      return { kind: 'done', isRepeat: false };
    case 'too_late':
      return { kind: 'refused', code: edited.code };
    case 'stale':
      return { kind: 'refused', code: 'version_mismatch' };
    case 'invalid':
    case 'audience':
      return { kind: 'refused', code: 'state_conflict' }; // the patch is sound, but does not fit this email
    case 'not_found':
      return { kind: 'refused', code: 'not_found' };
  }
}
