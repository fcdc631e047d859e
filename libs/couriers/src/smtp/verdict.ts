import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { classifyReply, type EnvelopeCommand, type Outcome, parseReply, type Reply } from '#domain';

export type SmtpError = SMTPConnection.SMTPError;
/** Takes our credentials out of a text that is going to be stored. */
export type Conceal = (text: string) => string;

const MAX_ERROR = 512;
/** Postgres takes no NUL, and a terminal should get no escape sequences from a foreign server. */
const CONTROLS = /[^\P{Cc}\r\n]/gu;

/** The reply that an error carries; null when there is none, or only the beginning of one. */
export function replyIn(error: SmtpError, conceal: Conceal): Reply | null {
  // What is left unread when a connection closes is reported like a reply, although its line has no end.
  const isCut = error.code === 'ECONNECTION' && error.command === 'CONN' && error.responseCode !== 421;
  return isCut || !error.response ? null : readReply(error.response, conceal);
}

export function readReply(raw: string, conceal: Conceal): Reply | null {
  return parseReply(conceal(raw).replaceAll(CONTROLS, '?')) ?? null;
}

/** The words of an error for people: its code and its message, without secrets, cut. */
export function wordsOf(error: Error & { code?: unknown; originalCode?: unknown }, conceal: Conceal): string {
  const code = error.originalCode ?? error.code;
  const words = typeof code === 'string' && !error.message.includes(code) ? `${code} ${error.message}` : error.message;
  return conceal(words).replaceAll(CONTROLS, '?').trim().slice(0, MAX_ERROR);
}

/** The server had the whole message and the dot: only a complete and readable reply tells what became of it. */
export function verdictAfterDot(error: SmtpError | null, response: string | undefined, conceal: Conceal): Outcome {
  // Of all errors only this one is the answer to the dot; the others are about the connection, whatever they quote.
  const isAnswer = error?.code === 'EMESSAGE' && error.command === 'DATA';
  const raw = isAnswer ? error.response : response;
  const reply = raw === undefined ? null : readReply(raw, conceal);
  if (reply && !(reply.code >= 300 && reply.code < 400)) return classifyReply(reply, 'reply_received');
  const words = error ? wordsOf(error, conceal) : `the reply to the message is not readable: ${conceal(raw ?? '')}`;
  return { kind: 'unknown', phase: 'dot_released', error: words.replaceAll(CONTROLS, '?').slice(0, MAX_ERROR) };
}

/** The dot was not written: whatever happened, the message was not accepted. */
export function verdictBeforeDot(
  phase: 'envelope' | 'before_dot',
  error: SmtpError | null,
  response: string | undefined,
  conceal: Conceal,
): Outcome {
  const reply = error ? replyIn(error, conceal) : readReply(response ?? '', conceal);
  if (reply) return classifyReply(reply, phase, error ? answered(error) : null);
  if (!error) return { kind: 'temporary', phase, reply: null, error: 'an unreadable reply that nobody asked for' };
  const words = wordsOf(error, conceal);
  // Refused by nodemailer itself, before a byte was sent: over the SIZE that the server announced, or not an address.
  if (error.code === 'EMESSAGE') {
    return { kind: 'permanent', phase, reply: null, reason: 'content_refused', error: words };
  }
  if (error.code === 'EENVELOPE' && error.command === 'API') {
    return { kind: 'permanent', phase, reply: null, reason: 'bad_recipient', error: words };
  }
  return { kind: 'temporary', phase, reply: null, error: words };
}

/** Which of our commands the reply answers. They are answered in order, also when they went out in one piece. */
const answered = ({ command }: SmtpError): EnvelopeCommand => {
  if (command === 'MAIL FROM') return 'mail';
  if (command === 'RCPT TO') return 'rcpt';
  return command === 'DATA' ? 'data' : null;
};

/** There is no session: a refusal is about us, our address or our credentials, and never about a message. */
export function verdictOnOpening(error: SmtpError, conceal: Conceal): Outcome {
  const phase = 'connecting';
  const words = wordsOf(error, conceal);
  const reply = replyIn(error, conceal);
  if (error.code === 'ETLS' && reply) {
    const why = `encryption is required and the server does not offer it: ${reply.code} ${reply.text}`;
    return { kind: 'provider_fault', phase, reply, error: why };
  }
  if (reply && reply.code < 500) return classifyReply(reply, phase);
  if (reply || error.code === 'EAUTH') return { kind: 'provider_fault', phase, reply, error: words };
  return { kind: 'temporary', phase, reply: null, error: words };
}
