import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVENTS } from './catalogue.js';
import { cloudEventHeaders, type EventEnvelope, readCloudEvent } from './cloud-event.js';

const word = fc.stringMatching(/^[a-z_]{1,20}$/);
const anyEnvelope: fc.Arbitrary<EventEnvelope> = fc.record({
  id: fc.stringMatching(/^evt_[0-9a-hjkmnp-tv-z]{26}$/),
  type: fc.tuple(word, word).map((parts) => parts.join('.')),
  version: fc.integer({ min: 1, max: 99 }),
  source: fc.constantFrom('scheduler', 'poller', 'sender', 'gateway'),
  subject: fc.string(),
  time: fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
  tenantId: fc.uuid(),
  mode: fc.constantFrom('live', 'test'),
});
const read = (headers: Readonly<Record<string, string>>) => readCloudEvent((name) => headers[name]);

describe('the headers of a record', () => {
  it('come back as the envelope that they were written from', () => {
    fc.assert(
      fc.property(anyEnvelope, (envelope) => {
        expect(read(cloudEventHeaders(envelope))).toEqual({ kind: 'event', envelope });
      }),
    );
  });

  it('may be more than we know', () => {
    fc.assert(
      fc.property(anyEnvelope, fc.string(), (envelope, traceparent) => {
        expect(read({ ...cloudEventHeaders(envelope), traceparent })).toEqual({ kind: 'event', envelope });
      }),
    );
  });

  it('are CloudEvents 1.0 in binary mode, with a type that names its version', () => {
    const [envelope] = fc.sample(anyEnvelope, 1).map((one) => ({ ...one, type: 'delivery.sent', version: 1 }));
    expect(envelope && cloudEventHeaders(envelope)).toMatchObject({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_type: 'io.mailtide.delivery.sent.v1',
      ce_dataschema: '/schemas/io.mailtide.delivery.sent.v1.json',
    });
  });

  it.each([
    ['no type', { ce_id: 'evt_1' }, /ce_type is ""/],
    ['a type of somebody else', { ce_id: 'evt_1', ce_type: 'com.example.signed_up' }, /com\.example\.signed_up/],
    ['no id', { ce_type: 'io.mailtide.delivery.sent.v1' }, /ce_id is missing/],
  ])('with %s are unreadable, and say why', (_what, headers, why) => {
    expect(read(headers as Record<string, string>)).toEqual({ kind: 'unreadable', why: expect.stringMatching(why) });
  });
});

describe('the catalogue', () => {
  it('names every type of event so that it can be read back', () => {
    for (const { ceType, type, version } of EVENTS) {
      expect(read({ ce_id: 'evt_1', ce_type: ceType })).toMatchObject({ kind: 'event', envelope: { type, version } });
    }
  });
});
