import type { Outcome, PermanentReason, Phase } from '../delivery/outcome.js';
import type { Reply } from './reply.js';

const LINE = /^([2-5]\d\d)(?:[ -](.*))?$/;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/;
const MAX_TEXT = 512;

/** Reads a reply of one or more lines; undefined when it is none (then nobody knows what the server meant). */
export function parseReply(raw: string): Reply | undefined {
  const lines = raw.split(/\r?\n/).filter((line) => line !== '');
  const matches = lines.map((line) => LINE.exec(line));
  const code = matches.at(-1)?.[1];
  if (code === undefined || matches.some((match) => match?.[1] !== code)) return undefined;
  if (lines.at(-1)?.[3] === '-') return undefined; // a continuation without its end
  const text = matches.map((match) => (match?.[2] ?? '').trim()).join(' ');
  return { code: Number(code), enhanced: ENHANCED.exec(text)?.[1] ?? null, text: text.slice(0, MAX_TEXT) };
}

/** Which command of the envelope a reply answers; null where that is not known or does not matter. */
export type EnvelopeCommand = 'mail' | 'rcpt' | 'data' | null;

interface Rule {
  readonly what: string;
  readonly codes?: readonly number[];
  readonly enhanced?: RegExp;
  readonly phases?: readonly Phase[];
  readonly commands?: readonly EnvelopeCommand[];
  readonly verdict: PermanentReason | 'provider_fault';
}

const BEFORE_DOT: readonly Phase[] = ['connecting', 'envelope', 'before_dot'];

/**
 * What a refusal means, first match first; the enhanced code knows more than the code (RFC 3463, RFC 5248). What blames us
 * (our login, our right to send as this sender) comes first, and only before the dot: behind it the message was judged.
 */
const RULES: readonly Rule[] = [
  { what: 'no TLS or no login for now (RFC 4954 6)', codes: [454], phases: ['connecting'], verdict: 'provider_fault' },
  { what: 'login wanted or refused', codes: [530, 534, 535, 538], phases: BEFORE_DOT, verdict: 'provider_fault' },
  {
    what: 'login wanted or refused; no right to send as this sender (Exchange)',
    enhanced: /^5\.7\.(8|9|11|13|14|57|60|139)$/,
    phases: BEFORE_DOT,
    verdict: 'provider_fault',
  },
  { what: "the sender's address is refused", enhanced: /^5\.1\.[78]$/, phases: BEFORE_DOT, verdict: 'provider_fault' },
  {
    what: 'an address is refused, and there is only the sender',
    enhanced: /^5\.1\./,
    phases: BEFORE_DOT,
    commands: ['mail'],
    verdict: 'provider_fault',
  },
  { what: 'the sender is refused', codes: [553], phases: BEFORE_DOT, commands: ['mail'], verdict: 'provider_fault' },
  {
    what: 'the sender is not ours (Postfix)',
    codes: [553],
    enhanced: /^5\.7\./,
    phases: BEFORE_DOT,
    verdict: 'provider_fault',
  },
  { what: 'a word about the sender behind the dot', enhanced: /^5\.1\.[789]$/, verdict: 'policy_block' },
  { what: 'there is no such recipient', enhanced: /^5\.1\./, verdict: 'bad_recipient' },
  { what: 'a policy', enhanced: /^5\.7\./, verdict: 'policy_block' },
  {
    what: 'the message is too large, or in no form for them',
    enhanced: /^5\.(6\.\d+|2\.3|3\.4)$/,
    verdict: 'content_refused',
  },
  { what: 'the mailbox is full or shut', enhanced: /^5\.2\./, verdict: 'smtp_permanent' },
  { what: 'the message', codes: [552, 554], verdict: 'content_refused' },
];

/** The verdict on a reply, by its code and enhanced code alone (semantics 2). */
export function classifyReply(reply: Reply, phase: Phase, command: EnvelopeCommand = null): Outcome {
  if (reply.code >= 200 && reply.code < 300) {
    if (phase === 'reply_received') return { kind: 'accepted', phase, reply };
    return { kind: 'temporary', phase, reply, error: `a ${reply.code} reply that nobody asked for` };
  }
  const verdict = RULES.find((rule) => fits(rule, reply, phase, command))?.verdict;
  if (verdict === 'provider_fault') return { kind: 'provider_fault', phase, reply, error: null };
  if (reply.code < 500) return { kind: 'temporary', phase, reply, error: null };
  return { kind: 'permanent', phase, reply, reason: verdict ?? 'smtp_permanent', error: null };
}

const fits = (rule: Rule, { code, enhanced }: Reply, phase: Phase, command: EnvelopeCommand): boolean =>
  // A reply that says 4 and 5 at once is what its code says: trying again harms nobody.
  (rule.codes ? rule.codes.includes(code) : code >= 500) &&
  (!rule.enhanced || (enhanced !== null && rule.enhanced.test(enhanced))) &&
  (!rule.phases || rule.phases.includes(phase)) &&
  (!rule.commands || rule.commands.includes(command));

/** Whether an attempt proved that the address does not exist: nothing more is sent there (semantics 2: 5.1.x). */
export const isHardBounce = (outcome: Outcome): boolean =>
  outcome.kind === 'permanent' && outcome.reason === 'bad_recipient' && outcome.reply !== null;
