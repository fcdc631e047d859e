import { publicId } from '#domain';
import { cloudEventHeaders, emailCancelledV1, type EventDefinition } from '#events';
import { newId } from '#storage';

/** Headers that an event of this kind may have. */
export const headersOf = (definition: EventDefinition): Record<string, string> =>
  cloudEventHeaders({
    id: publicId('event', newId()),
    type: definition.type,
    version: definition.version,
    source: 'spec',
    subject: 'em_1',
    time: '2026-01-01T00:00:00.000Z',
    tenantId: newId(),
    mode: 'test',
  });

/** A good record, told from others by its version. */
export const aCancelled = (version: number, key = `key-${version}`) => ({
  topic: emailCancelledV1.topic.name,
  key,
  value: JSON.stringify({
    emailId: publicId('email', newId()),
    cancelled: 1,
    alreadySent: 0,
    inFlight: 0,
    final: true,
    version,
    at: '2026-01-01T00:00:00.000Z',
  }),
  headers: headersOf(emailCancelledV1),
});

/** A record that nobody can read. */
export const aPoison = (value: string) => ({
  topic: emailCancelledV1.topic.name,
  key: 'poison',
  value,
  headers: headersOf(emailCancelledV1),
});
