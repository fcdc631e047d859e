import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { RawRecord } from '../received-event.js';

/** A record as Kafka keeps it, in our own words. */
export const rawRecord = (topic: string, partition: number, message: KafkaMessage): RawRecord => ({
  topic,
  partition,
  offset: message.offset,
  timestamp: message.timestamp,
  key: message.key,
  value: message.value,
  header: (name) => headerText(message.headers, name),
  headers: () =>
    Object.fromEntries(
      Object.keys(message.headers ?? {}).map((name) => [name, headerText(message.headers, name) ?? '']),
    ),
});

function headerText(headers: IHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? undefined : first.toString();
}
