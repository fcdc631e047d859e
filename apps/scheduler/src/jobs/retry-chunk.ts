import { type KeyId, parsePublicId } from '#domain';
import type { Caller } from '#http';
import { type Database, type HeldRetry, holdRetry, nextEnded, noteRetry, type OpenJob } from '#storage';
import { retryDeliveries } from '../deliveries/retry-deliveries.js';
import type { ChunkEnd } from './run-chunk.js';

/** Copies that are looked at, and of them those that are opened: few enough that they are not locked for long. */
const LOOK = 5_000;
const OPEN = 500;

/**
 * Opens the next copies of a campaign or load test again that ended as its job was asked to retry: the copies, their events and
 * how far it is in one transaction that holds the job. Whoever dies in it leaves the job as it was, for the next one.
 */
export async function retryChunk(db: Database, job: OpenJob): Promise<ChunkEnd> {
  return db.of(job.tenantId).transaction(async (tx) => {
    const held = await holdRetry(tx, job);
    if (!held) return 'rest';
    const { position, ended } = await nextEnded(tx, job, held, LOOK);
    const now = ended.slice(0, OPEN);
    await retryDeliveries(tx, callerOf(job, held), now, { confirmUnknown: held.statuses.includes('unknown') });
    const last = now.length < ended.length ? now.at(-1) : position;
    await noteRetry(tx, job, last ?? null);
    return last ? 'more' : 'rest';
  });
}

/** Who asked for it: what is sent again bears that name. */
function callerOf({ tenantId }: OpenJob, { mode, actor }: HeldRetry): Caller {
  const keyId: KeyId | undefined = parsePublicId('key', actor);
  return { tenantId, tenant: '', mode, keyId: keyId ?? null, scopes: [] };
}
