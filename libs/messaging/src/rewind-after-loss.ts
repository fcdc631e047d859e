import type { Topic } from '#events';
import { noteCluster, type Queryable, readCursor, rewindCursor } from '#storage';
import type { KafkaConnection } from './kafka/connect-kafka.js';
import { kafkaState } from './kafka/kafka-state.js';
import { kafkaLoss } from './kafka-loss.js';
import { REPUBLISHED_SECONDS } from './outbox-relay.js';

/**
 * Compares what brokers have with what they acknowledged to the relay, and sends it back a day where they have lost
 * something; what showed it, or null. Throws when Postgres or Kafka is away.
 */
export async function rewindAfterLoss(
  db: Queryable,
  connection: KafkaConnection,
  topics: readonly Topic[],
): Promise<string | null> {
  const cursor = await readCursor(db); // first: what is published meanwhile can only make the log longer
  const state = await kafkaState(connection, topics);
  const loss = kafkaLoss(cursor, state);
  if (loss === null) {
    if (cursor.cluster === null && state.cluster !== null) await noteCluster(db, state.cluster);
    return null;
  }
  const wentBack = await rewindCursor(db, cursor, { secondsAgo: REPUBLISHED_SECONDS, cluster: state.cluster });
  return wentBack ? loss : null;
}
