import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PHASES, type Phase } from '../delivery/outcome.js';
import { classifyReply, type EnvelopeCommand, isHardBounce, parseReply } from './smtp-reply.js';

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

  it.each<[code: number, enhanced: string | null, phase: Phase, command: EnvelopeCommand, verdict: string]>([
    [250, null, 'reply_received', null, 'accepted'],
    [250, null, 'before_dot', null, 'temporary'],
    [354, null, 'envelope', 'mail', 'temporary'],
    [421, '4.3.2', 'connecting', null, 'temporary'],
    [421, null, 'reply_received', null, 'temporary'],
    [450, '4.7.1', 'envelope', 'rcpt', 'temporary'],
    [451, '4.3.0', 'envelope', 'mail', 'temporary'],
    [452, '4.2.2', 'envelope', 'rcpt', 'temporary'],
    [454, '4.7.0', 'connecting', null, 'provider_fault'],
    [454, null, 'envelope', 'mail', 'temporary'], // SES: too fast
    [454, null, 'reply_received', null, 'temporary'],
    [450, '5.1.1', 'envelope', 'rcpt', 'temporary'], // says 4 and 5: the code decides
    [530, '5.7.0', 'envelope', 'mail', 'provider_fault'],
    [530, '5.7.57', 'envelope', 'mail', 'provider_fault'],
    [534, '5.7.9', 'connecting', null, 'provider_fault'],
    [535, '5.7.8', 'connecting', null, 'provider_fault'],
    [535, '5.7.139', 'connecting', null, 'provider_fault'],
    [535, '5.7.8', 'reply_received', null, 'policy_block'],
    [538, null, 'connecting', null, 'provider_fault'],
    [550, '5.7.60', 'envelope', 'data', 'provider_fault'],
    [550, '5.7.60', 'reply_received', null, 'policy_block'],
    [550, '5.1.7', 'envelope', 'rcpt', 'provider_fault'],
    [553, '5.1.8', 'envelope', 'rcpt', 'provider_fault'],
    [550, '5.1.8', 'reply_received', null, 'policy_block'],
    [550, '5.1.0', 'envelope', 'mail', 'provider_fault'],
    [553, null, 'envelope', 'mail', 'provider_fault'],
    [553, '5.7.1', 'envelope', 'rcpt', 'provider_fault'],
    [553, '5.1.3', 'envelope', 'rcpt', 'bad_recipient'],
    [553, null, 'envelope', 'rcpt', 'smtp_permanent'],
    [550, '5.1.0', 'envelope', 'rcpt', 'bad_recipient'],
    [550, '5.1.1', 'envelope', 'rcpt', 'bad_recipient'],
    [550, '5.1.1', 'reply_received', null, 'bad_recipient'],
    [556, '5.1.10', 'envelope', 'rcpt', 'bad_recipient'],
    [550, '5.1.2', 'envelope', 'data', 'bad_recipient'],
    [550, '5.7.1', 'envelope', 'mail', 'policy_block'],
    [550, '5.7.1', 'envelope', 'rcpt', 'policy_block'],
    [554, '5.7.1', 'reply_received', null, 'policy_block'],
    [550, '5.7.26', 'reply_received', null, 'policy_block'],
    [552, null, 'reply_received', null, 'content_refused'],
    [552, '5.3.4', 'envelope', 'mail', 'content_refused'],
    [552, '5.2.3', 'reply_received', null, 'content_refused'],
    [552, '5.2.2', 'envelope', 'rcpt', 'smtp_permanent'], // full: the recipient stays
    [554, '5.6.0', 'envelope', 'data', 'content_refused'],
    [554, null, 'reply_received', null, 'content_refused'],
    [550, null, 'envelope', 'rcpt', 'smtp_permanent'],
    [550, '5.4.1', 'envelope', 'rcpt', 'smtp_permanent'],
    [501, '5.5.4', 'envelope', 'mail', 'smtp_permanent'],
    [503, '5.5.1', 'envelope', 'data', 'smtp_permanent'],
    [553, null, 'reply_received', 'mail', 'smtp_permanent'], // behind the dot the message was judged, whatever came before
    [550, '5.1.1', 'reply_received', 'mail', 'bad_recipient'],
  ])('%i %s in %s to %s: %s', (code, enhanced, phase, command, verdict) => {
    const outcome = classifyReply({ code, enhanced, text: '' }, phase, command);
    expect(outcome.kind === 'permanent' ? outcome.reason : outcome.kind).toBe(verdict);
  });

  const replies = fc.record({
    code: fc.integer({ min: 200, max: 599 }),
    enhanced: fc.option(
      fc
        .tuple(fc.constantFrom(2, 4, 5), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 99 }))
        .map((parts) => parts.join('.')),
    ),
    text: fc.constant(''),
  });
  const anyPhase = fc.constantFrom(...PHASES);
  const anyCommand = fc.constantFrom<EnvelopeCommand>('mail', 'rcpt', 'data', null);

  it('of 4yz never loses a recipient, and one of 5yz is never tried again by itself', () => {
    fc.assert(
      fc.property(replies, anyPhase, anyCommand, (reply, phase, command) => {
        const { kind } = classifyReply(reply, phase, command);
        if (reply.code >= 400 && reply.code < 500) expect(['temporary', 'provider_fault']).toContain(kind);
        if (reply.code >= 500) expect(['permanent', 'provider_fault']).toContain(kind);
        if (phase === 'reply_received') expect(kind).not.toBe('provider_fault');
      }),
    );
  });

  it('suppresses its recipient for 5.1.x alone', () => {
    fc.assert(
      fc.property(replies, anyPhase, anyCommand, (reply, phase, command) => {
        const isHard = isHardBounce(classifyReply(reply, phase, command));
        if (isHard) expect([reply.code >= 500, reply.enhanced?.startsWith('5.1.')]).toEqual([true, true]);
      }),
    );
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
