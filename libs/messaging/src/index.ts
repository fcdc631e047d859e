/** Kafka behind our own ports. The only library that imports kafkajs. */
export type { ConsumerProgress, InHand, Place } from './consumer-progress.js';
export { type DeadLetterOffice, type Poison, putAside } from './dead-letters.js';
export { BatchKafkaServer, type BatchKafkaOptions } from './kafka/batch-kafka.server.js';
export {
  connectKafka,
  isKafkaUp,
  type KafkaConnection,
  type KafkaLog,
  type KafkaSettings,
} from './kafka/connect-kafka.js';
export { ensureTopics, type TopicSettings } from './kafka/ensure-topics.js';
export { createKafkaPublisher } from './kafka/kafka-publisher.js';
export { KeepError, OnBatch } from './on-batch.js';
export { OutboxRelay, type RelayPass } from './outbox-relay.js';
export { rewindAfterLoss } from './rewind-after-loss.js';
export type { Acknowledgement, OutgoingRecord, Publisher } from './publisher.js';
export type { ReceivedEvent } from './received-event.js';
