import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTraceparent, traceparent } from './trace-parent.js';

const CAUSE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const EVENT = '01a2137f-2043-7000-99a5-082a3cea1c6e';

describe('the traceparent of a record', () => {
  it('continues that of the request, under an id of its own, and keeps its flags', () => {
    expect(traceparent(EVENT, CAUSE)).toBe('00-4bf92f3577b34da6a3ce929d0e0e4736-99a5082a3cea1c6e-01');
  });

  it('begins a trace where there was none', () => {
    expect(traceparent(EVENT, null)).toBe('00-01a2137f2043700099a5082a3cea1c6e-99a5082a3cea1c6e-00');
  });

  it('is one for every event and every cause, whatever a client sent', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), fc.option(fc.string()), (id, cause) => {
        expect(isTraceparent(traceparent(id, cause))).toBe(true);
      }),
    );
  });

  it.each([
    [CAUSE, true],
    ['cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later', true],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more', false],
    ['ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', false],
    ['00-00000000000000000000000000000000-00f067aa0ba902b7-01', false],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01', false],
    ['00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01', false],
    ['', false],
  ])('"%s" may be continued: %s', (text, expected) => {
    expect(isTraceparent(text)).toBe(expected);
  });
});
