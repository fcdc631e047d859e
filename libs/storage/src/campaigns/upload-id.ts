import { createHash } from 'node:crypto';
import type { Id } from '#domain';
import { type IdempotencyKey, identity } from '../idempotency/idempotency.js';
import { newId } from '../new-id.js';

export type UploadId = Id<'upload'>;
export type UploadKey = Omit<IdempotencyKey, 'fingerprint'>;

/** Of a uuid, what stands before its random half. */
const HALF = 'xxxxxxxx-xxxx-8xxx-'.length;

/**
 * The id of a new upload. Under an Idempotency-Key its first half is that of the key, so that a twin knows it; no two
 * are the same, so that each knows whether it is the one under way.
 */
export function newUploadId(key: UploadKey | undefined): UploadId {
  const id = newId<UploadId>();
  return key ? ((halfOf(key) + id.slice(HALF)) as UploadId) : id;
}

/** Whether an upload runs under a key. */
export const isUnder = (key: UploadKey, id: UploadId): boolean => id.startsWith(halfOf(key));

/** The first half of a uuid of version 8 (RFC 9562 5.8). */
function halfOf(key: UploadKey): string {
  const hash = createHash('sha256').update(identity(key)).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(12, 15)}-`;
}
