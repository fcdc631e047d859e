import { type DeadLetterId, publicId } from '#domain';
import { emailDeadLetterTopic } from '#events';
import { newId } from '#storage';
import type { OutgoingRecord, Publisher } from './publisher.js';
import type { RawRecord } from './received-event.js';

/** A record that nobody could process, and why. */
export interface Poison {
  readonly record: RawRecord;
  /** `crash_loop`: unparsed, because whoever took it died. */
  readonly code: 'unreadable' | 'invalid' | 'unknown_type' | 'crash_loop';
  readonly why: string;
}

const MAX_MESSAGE = 512;

/** Where poison goes. */
export interface DeadLetterOffice {
  readonly publisher: Publisher;
  /**
   * Keeps a record where people can list it; the same record again changes nothing. The name of its row; undefined: there
   * is nobody to keep it for. When it throws, the batch comes again.
   */
  readonly keep: (poison: Poison) => Promise<DeadLetterId | undefined>;
}

/** Puts poison aside, bytes untouched, so that its partition moves on (interface 5): first a row, then the topic. */
export async function putAside(office: DeadLetterOffice, group: string, poison: readonly Poison[]): Promise<void> {
  const letters: OutgoingRecord[] = [];
  for (const one of poison) letters.push(deadLetter(group, one, (await office.keep(one)) ?? newId<DeadLetterId>()));
  if (letters.length > 0) await office.publisher.publish(letters);
}

/** A crash loop was taken three times; everything else fails at once, and for good. */
const ATTEMPTS: Readonly<Record<Poison['code'], number>> = {
  unreadable: 1,
  invalid: 1,
  unknown_type: 1,
  crash_loop: 3,
};

const deadLetter = (group: string, { record, code, why }: Poison, id: DeadLetterId): OutgoingRecord => ({
  topic: emailDeadLetterTopic.name,
  key: record.key,
  value: record.value,
  headers: {
    ...record.headers(),
    'x-original-topic': record.topic,
    'x-original-partition': String(record.partition),
    'x-original-offset': record.offset,
    'x-original-timestamp': record.timestamp,
    'x-consumer-group': group,
    'x-error-code': code,
    'x-error-message': why.slice(0, MAX_MESSAGE),
    'x-attempts': String(ATTEMPTS[code]),
    'x-failed-at': new Date().toISOString(),
    'x-dead-letter-id': publicId('dead_letter', id),
  },
});
