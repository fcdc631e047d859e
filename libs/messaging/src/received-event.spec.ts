import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { publicId } from '#domain';
import { cloudEventHeaders, deliveryRequestedV1, emailCancelledV1, emailSchedulingTopic, TOPICS } from '#events';
import { newId } from '#storage';
import { aCancelled, headersOf } from './testing/records.js';
import { decodeRecord, POSITION_HEADER, type RawRecord } from './received-event.js';

const raw = (value: Buffer | null, headers: Readonly<Record<string, string | undefined>>): RawRecord => ({
  topic: emailSchedulingTopic.name,
  partition: 0,
  offset: '0',
  timestamp: '0',
  key: null,
  value,
  header: (name) => headers[name],
  headers: () => ({}),
});
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('a record', () => {
  it('is read with its envelope, its bytes and its position', () => {
    const { value, headers } = aCancelled(7);
    const decoded = decodeRecord(
      emailSchedulingTopic,
      raw(Buffer.from(value), { ...headers, [POSITION_HEADER]: '99' }),
    );
    expect(decoded).toMatchObject({
      kind: 'event',
      event: { envelope: { type: 'email.cancelled', version: 1 }, data: { version: 7 }, text: value, position: '99' },
    });
  });

  it.each([
    ['the first transaction', '0'],
    ['the last that fits 64 bits', '18446744073709551615'],
  ])('may have the position of %s', (_what, position) => {
    const { value, headers } = aCancelled(1);
    expect(
      decodeRecord(emailSchedulingTopic, raw(Buffer.from(value), { ...headers, [POSITION_HEADER]: position })),
    ).toMatchObject({ kind: 'event', event: { position } });
  });

  it('may have fields that a newer release added', () => {
    const { value, headers } = aCancelled(1);
    const newer = json({ ...(JSON.parse(value) as object), addedLater: true });
    expect(decodeRecord(emailSchedulingTopic, raw(newer, headers)).kind).toBe('event');
  });

  const { headers, value: good } = aCancelled(1);
  const spoilt = (changed: Readonly<Record<string, string | undefined>>) =>
    raw(Buffer.from(good), { ...headers, ...changed });
  const POISON: [what: string, record: RawRecord, code: string][] = [
    ['without headers', raw(json({}), {}), 'unreadable'],
    ['of a type that is none', raw(json({}), { ...headers, ce_type: 'hello' }), 'unreadable'],
    ['without an id', raw(json({}), { ...headers, ce_id: undefined }), 'unreadable'],
    ['that is no JSON', raw(Buffer.from('{'), headers), 'unreadable'],
    ['without a value', raw(null, headers), 'unreadable'],
    ['that lacks fields', raw(json({}), headers), 'invalid'],
    [
      'of an unknown version',
      raw(json({}), { ...headers, ce_type: 'io.mailtide.email.cancelled.v999' }),
      'unknown_type',
    ],
    ['of another topic', raw(json({}), { ...headers, ce_type: 'io.mailtide.delivery.sent.v1' }), 'unknown_type'],
    ['of a tenant that is no uuid', spoilt({ ce_tenantid: 'acme' }), 'invalid'],
    ['of a uuid and more', spoilt({ ce_tenantid: `${headers['ce_tenantid'] ?? ''}\n` }), 'invalid'],
    ['of no tenant', spoilt({ ce_tenantid: undefined }), 'invalid'],
    ['of an unknown mode', spoilt({ ce_mode: 'dry' }), 'invalid'],
    ['of no mode', spoilt({ ce_mode: undefined }), 'invalid'],
    ['with a position that is no number', spoilt({ [POSITION_HEADER]: 'abc' }), 'invalid'],
    ['with an empty position', spoilt({ [POSITION_HEADER]: '' }), 'invalid'],
    ['with a position beyond 64 bits', spoilt({ [POSITION_HEADER]: '18446744073709551616' }), 'invalid'],
    ['with a position below nothing', spoilt({ [POSITION_HEADER]: '-1' }), 'invalid'],
  ];
  it.each(POISON)('%s is poison', (_what, record, code) => {
    expect(decodeRecord(emailSchedulingTopic, record)).toMatchObject({ kind: 'poison', code });
  });

  it.each([
    [2_147_483_647, 'event'],
    [2_147_483_648, 'poison'],
  ])('of a work order under epoch %d is: %s', (epoch, kind) => {
    const order = json({ deliveries: [[publicId('delivery', newId()), epoch]] });
    const { bulk } = deliveryRequestedV1;
    expect(decodeRecord(bulk.topic, raw(order, headersOf(bulk))).kind).toBe(kind);
  });

  it('can be anything at all: reading it never throws', () => {
    const known = fc.constantFrom(
      ...Object.values(headersOf(emailCancelledV1)),
      'io.mailtide.delivery.sent.v1',
      '\u0000',
      '',
    );
    const value = fc.oneof(
      fc.constant(null),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
    );
    const some = fc.dictionary(fc.constantFrom(...Object.keys(cloudEventHeaders(EMPTY))), fc.oneof(fc.string(), known));
    fc.assert(
      fc.property(fc.constantFrom(...TOPICS), value, some, (topic, bytes, found) => {
        expect(['event', 'poison']).toContain(
          decodeRecord(topic, raw(bytes, { ...headersOf(emailCancelledV1), ...found })).kind,
        );
      }),
    );
  });
});

const EMPTY = { id: '', type: '', version: 1, source: '', subject: '', time: '', tenantId: '', mode: '' };
