import { publicId } from '#domain';
import { emailDeadLetterTopic } from '#events';
import { newId } from '#storage';
import type { OutgoingRecord, Publisher } from './publisher.js';
import type { RawRecord } from './received-event.js';

/** A record that nobody could process, and why. */
export interface Poison {
  readonly record: RawRecord;
  readonly code: 'unreadable' | 'invalid' | 'unknown_type';
  readonly why: string;
}

const MAX_MESSAGE = 512;

/** Puts poison aside, bytes untouched, so that its partition moves on (interface 5). */
export async function putAside(publisher: Publisher, group: string, poison: readonly Poison[]): Promise<void> {
  if (poison.length > 0) await publisher.publish(poison.map((one) => deadLetter(group, one)));
}

const deadLetter = (group: string, { record, code, why }: Poison): OutgoingRecord => ({
  topic: emailDeadLetterTopic.name,
  key: record.key,
  value: record.value,
  headers: {
    'x-original-topic': record.topic,
    'x-original-partition': String(record.partition),
    'x-original-offset': record.offset,
    'x-original-timestamp': record.timestamp,
    'x-consumer-group': group,
    'x-error-code': code,
    'x-error-message': why.slice(0, MAX_MESSAGE),
    'x-attempts': '1',
    'x-failed-at': new Date().toISOString(),
    'x-dead-letter-id': publicId('dead_letter', newId()),
  },
});
