import type { EachBatchPayload } from 'kafkajs';

/** The batch is done, up to here. After a rebalance the commit is refused: then its new owner has it, too, and does no harm. */
export async function commitBatch(payload: EachBatchPayload, offset = payload.batch.lastOffset()): Promise<void> {
  const { batch } = payload;
  if (!payload.isRunning() || payload.isStale()) return;
  payload.resolveOffset(offset);
  const next = String(BigInt(offset) + 1n);
  await payload.commitOffsetsIfNecessary({
    topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset: next }] }],
  });
}
