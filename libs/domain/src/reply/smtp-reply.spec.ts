import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classifyReply, parseReply } from './smtp-reply.js';

describe('an SMTP reply', () => {
  it.each([
    ['250 2.0.0 ok\r\n', { code: 250, enhanced: '2.0.0', text: '2.0.0 ok' }],
    ['250', { code: 250, enhanced: null, text: '' }],
    ['550-5.1.1 no such\r\n550 5.1.1 user', { code: 550, enhanced: '5.1.1', text: '5.1.1 no such 5.1.1 user' }],
    ['451 busy 4.3.0', { code: 451, enhanced: null, text: 'busy 4.3.0' }],
  ])('%j is read', (raw, reply) => expect(parseReply(raw)).toEqual(reply));

  it.each(['', 'hello', '25', '250-more', '250-a\r\n251 b', '650 x', '99 x'])('%j is none', (raw) =>
    expect(parseReply(raw)).toBeUndefined(),
  );

  it('is cut, so that no server can fill our rows', () => {
    expect(parseReply(`550 ${'x'.repeat(10_000)}`)?.text).toHaveLength(512);
  });

  it.each([
    [250, null, 'reply_received', { kind: 'accepted' }],
    [250, null, 'before_dot', { kind: 'temporary' }],
    [451, '4.3.0', 'envelope', { kind: 'temporary' }],
    [421, null, 'reply_received', { kind: 'temporary' }],
    [454, '4.7.0', 'envelope', { kind: 'provider_fault' }],
    [454, null, 'reply_received', { kind: 'temporary' }],
    [535, '5.7.8', 'connecting', { kind: 'provider_fault' }],
    [535, '5.7.8', 'reply_received', { kind: 'permanent', reason: 'policy_block' }],
    [550, '5.1.1', 'envelope', { kind: 'permanent', reason: 'bad_recipient' }],
    [550, '5.7.1', 'reply_received', { kind: 'permanent', reason: 'policy_block' }],
    [552, null, 'reply_received', { kind: 'permanent', reason: 'content_refused' }],
    [550, null, 'envelope', { kind: 'permanent', reason: 'smtp_permanent' }],
  ] as const)('%i %s in %s is judged by its code', (code, enhanced, phase, verdict) => {
    expect(classifyReply({ code, enhanced, text: '' }, phase)).toMatchObject(verdict);
  });

  it('never counts as accepted before the dot', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.constantFrom('connecting' as const, 'envelope' as const, 'before_dot' as const),
        (code, phase) => {
          expect(classifyReply({ code, enhanced: null, text: '' }, phase).kind).not.toBe('accepted');
        },
      ),
    );
  });
});
