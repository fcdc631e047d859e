import { publicId } from '#domain';
import type { Caller } from '#http';
import type { ChangeOf, EmailRow } from '#storage';

/** Who caused something, as events name it. */
export const actorOf = ({ keyId }: Caller): string => (keyId === null ? 'system' : publicId('key', keyId));

/** A change of an email by a caller of the API. */
export const changeOf = (caller: Caller, email: Pick<EmailRow, 'id' | 'owner_id' | 'job_id'>): ChangeOf => ({
  tenantId: caller.tenantId,
  mode: caller.mode,
  emailId: email.id,
  ownerId: email.owner_id,
  jobId: email.job_id,
  source: 'scheduler',
  actor: actorOf(caller),
});
