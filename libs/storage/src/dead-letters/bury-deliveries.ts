import { publicId } from '#domain';
import { deadLetterAddedV1 } from '#events';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { deadLetter, type FailedDelivery } from './dead-letter.js';

const statement = sqlFile('./bury-deliveries.sql', import.meta.url);

/**
 * Puts deliveries aside that ended as `failed` outside of a settle (a sender's settle does it by itself), with the event
 * `dead_letter.added` for each. Call it in the transaction of that end, once for each delivery.
 * @param source the process that tells: `poller`
 */
export async function buryDeliveries(tx: Queryable, failed: readonly FailedDelivery[], source: string): Promise<void> {
  if (failed.length === 0) return;
  const letters = failed.map(deadLetter);
  const values = [
    letters.map(({ id }) => id),
    letters.map(({ tenantId }) => tenantId),
    letters.map(({ mode }) => mode),
    letters.map(({ reason }) => reason),
    letters.map(({ deliveryId }) => deliveryId),
    letters.map(({ emailId }) => emailId),
    letters.map(({ jobId }) => jobId),
    letters.map(({ attempts }) => attempts),
    letters.map(({ error }) => error),
    letters.map(({ conversation }) => JSON.stringify(conversation)),
    letters.map(({ eventId }) => eventId),
    letters.map(({ deliveryId }) => publicId('delivery', deliveryId)),
    letters.map(({ data }) => data),
    deadLetterAddedV1.topic.name,
    deadLetterAddedV1.type,
    source,
  ];
  await tx.query({ ...statement, values });
}
