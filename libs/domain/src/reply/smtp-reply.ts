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

/** Replies that blame us and not the message: credentials wanted or refused, encryption wanted (RFC 4954 6, RFC 3207 4). */
const PROVIDER_FAULTS = new Set([454, 530, 534, 535, 538]);

/** The verdict on a reply, by its code and enhanced code alone (semantics 2). */
export function classifyReply(reply: Reply, phase: Phase): Outcome {
  const isFinalReply = phase === 'reply_received';
  if (reply.code >= 200 && reply.code < 300) {
    if (isFinalReply) return { kind: 'accepted', phase, reply };
    return { kind: 'temporary', phase, reply, error: `a ${reply.code} reply that nobody asked for` };
  }
  if (!isFinalReply && PROVIDER_FAULTS.has(reply.code)) return { kind: 'provider_fault', phase, reply, error: null };
  if (reply.code >= 500) return { kind: 'permanent', phase, reply, reason: permanentReason(reply), error: null };
  return { kind: 'temporary', phase, reply, error: null };
}

function permanentReason({ code, enhanced }: Reply): PermanentReason {
  if (enhanced?.startsWith('5.1.')) return 'bad_recipient';
  if (enhanced?.startsWith('5.7.')) return 'policy_block';
  if (enhanced?.startsWith('5.6.') || enhanced === '5.3.4' || code === 552 || code === 554) return 'content_refused';
  return 'smtp_permanent';
}
