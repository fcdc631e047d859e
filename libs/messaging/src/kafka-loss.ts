import type { Acknowledged, RelayCursor } from '#storage';
import type { KafkaState } from './kafka/kafka-state.js';
import type { Acknowledgement } from './publisher.js';

/** What shows that brokers have lost records that they had acknowledged, in words; null: nothing does. */
export function kafkaLoss(cursor: Pick<RelayCursor, 'cluster' | 'acknowledged'>, state: KafkaState): string | null {
  if (cursor.cluster !== null && state.cluster !== null && cursor.cluster !== state.cluster)
    return `the cluster was ${cursor.cluster} and is ${state.cluster}`;
  for (const [topic, partition, offset] of positions(cursor.acknowledged)) {
    const end = state.ends[topic]?.[partition];
    if (end === undefined) return `${topic}/${partition} is gone`;
    if (BigInt(end) <= BigInt(offset)) return `${topic}/${partition} ends at ${end} and had acknowledged ${offset}`;
  }
  return null;
}

/** The same, seen by a send: a partition that goes on below what it had acknowledged was made anew. */
export function lossSeenBySend(known: Acknowledged, sent: readonly Acknowledgement[]): string | null {
  for (const { topic, partition, offset } of sent) {
    const before = known[topic]?.[partition];
    if (before !== undefined && BigInt(offset) <= BigInt(before))
      return `${topic}/${partition} goes on at ${offset} and had acknowledged ${before}`;
  }
  return null;
}

/** What is known with the last send. */
export function acknowledgedNow(known: Acknowledged, sent: readonly Acknowledgement[]): Acknowledged {
  const now: Record<string, Record<string, string>> = { ...known };
  for (const { topic, partition, offset } of sent) now[topic] = { ...now[topic], [partition]: offset };
  return now;
}

const positions = (acknowledged: Acknowledged): [topic: string, partition: string, offset: string][] =>
  Object.entries(acknowledged).flatMap(([topic, partitions]) =>
    Object.entries(partitions).map(([partition, offset]): [string, string, string] => [topic, partition, offset]),
  );
