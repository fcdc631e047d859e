import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SandboxMessageId } from '#domain';
import { newId, type SandboxSender } from '#storage';
import type { Facts } from '#telemetry';
import type { Arrivals } from './arrivals.js';
import { hasBareLineEnd } from './line-ends.js';
import { type ArrivedHeader, readHeader } from './message-header.js';
import type { SandboxLedger } from './sandbox-ledger.js';
import { parseScript, type Script } from './script.js';
import { SmtpRefusal } from './smtp-replies.js';

/** A message whose final dot has come. */
export interface ArrivedMessage {
  readonly sender: SandboxSender;
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
}

/** What its client is told; `dropped`: nothing, the connection ends. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly id: SandboxMessageId }
  | { readonly kind: 'refused'; readonly refusal: SmtpRefusal }
  | { readonly kind: 'dropped' };

interface Recipient {
  readonly id: SandboxMessageId;
  readonly address: string;
  readonly script: Script;
}

/** The story of a message at the sandbox: look at it, play the scripts of its recipients, keep it, answer. */
export class ReceiveMessage {
  constructor(
    private readonly ledger: SandboxLedger,
    private readonly arrivals: Arrivals,
    private readonly facts: Facts,
    /** Aborted when this process stops: then nobody waits for a slow script any more. */
    private readonly stopping: AbortSignal,
  ) {}

  async run(message: ArrivedMessage): Promise<Verdict> {
    const header = readHeader(message.raw);
    const recipients = message.recipients.map((address) => ({
      id: newId<SandboxMessageId>(),
      address,
      script: parseScript(address),
    }));
    if (hasBareLineEnd(message.raw)) return this.refuse(message, header, recipients, BARE_LINE_END);
    const ends = await Promise.all(recipients.map((recipient) => this.play(recipient, header)));
    if (ends.includes('soft')) return this.refuse(message, header, recipients, SOFT);
    if (ends.includes('lost')) return this.lose(message, header, recipients);
    return this.keep(message, header, recipients, ends.includes('dropped') ? 'dropped' : 'accepted');
  }

  /** A recipient that was refused before there was a message. */
  async refuseRecipient(sender: SandboxSender, address: string): Promise<void> {
    this.facts.sandboxMessage('refused');
    await this.ledger.refuse({
      sender,
      deliveryId: null,
      verdict: 'refused',
      address,
      script: parseScript(address).text,
    });
  }

  private async play(recipient: Recipient, header: ArrivedHeader): Promise<'kept' | 'soft' | 'dropped' | 'lost'> {
    for (const step of recipient.script.steps) {
      switch (step.kind) {
        case 'bounce':
          break; // was played at RCPT
        case 'slow':
          await pause(step.delayMs, undefined, { signal: this.stopping }).catch(() => undefined);
          break;
        case 'soft':
          if ((await this.ledger.attempt(attemptKey(recipient.address, header))) <= step.attempts) return 'soft';
          break;
        case 'drop':
          return step.keep ? 'dropped' : 'lost';
      }
    }
    return 'kept';
  }

  private async keep(
    { sender, mailFrom, raw }: ArrivedMessage,
    header: ArrivedHeader,
    recipients: readonly Recipient[],
    verdict: 'accepted' | 'dropped',
  ): Promise<Verdict> {
    const tenantId = await this.ledger.keep({
      sender,
      header,
      verdict,
      mailFrom,
      recipients: recipients.map(({ id, address, script }) => ({ id, address, script: script.text })),
      raw,
    });
    if (tenantId === null) return { kind: 'refused', refusal: NOT_OURS };
    for (const _ of recipients) this.facts.sandboxMessage(verdict);
    this.arrivals.tell(tenantId);
    const [first] = recipients;
    return verdict === 'dropped' || !first ? { kind: 'dropped' } : { kind: 'accepted', id: first.id };
  }

  private async lose(
    message: ArrivedMessage,
    header: ArrivedHeader,
    recipients: readonly Recipient[],
  ): Promise<Verdict> {
    await this.note(message, header, recipients, 'dropped');
    return { kind: 'dropped' };
  }

  private async refuse(
    message: ArrivedMessage,
    header: ArrivedHeader,
    recipients: readonly Recipient[],
    refusal: SmtpRefusal,
  ): Promise<Verdict> {
    await this.note(message, header, recipients, 'refused');
    return { kind: 'refused', refusal };
  }

  private async note(
    { sender }: ArrivedMessage,
    { deliveryId }: ArrivedHeader,
    recipients: readonly Recipient[],
    verdict: 'refused' | 'dropped',
  ): Promise<void> {
    for (const _ of recipients) this.facts.sandboxMessage(verdict);
    await Promise.all(
      recipients.map(({ address, script }) =>
        this.ledger.refuse({ sender, deliveryId, verdict, address, script: script.text }),
      ),
    );
  }
}

const BARE_LINE_END = new SmtpRefusal(550, '5.6.0 the message has a bare CR or LF; lines end with CRLF');
const SOFT = new SmtpRefusal(451, '4.3.0 try again later (the script "soft" says so)');
const NOT_OURS = new SmtpRefusal(
  550,
  '5.7.1 this sandbox takes the copies of its own deliveries, and clients that log in with a test key as password',
);

/** What the attempts are counted by: the delivery, else the recipient and the Message-ID. */
function attemptKey(address: string, { deliveryId, messageId }: ArrivedHeader): string {
  if (deliveryId) return deliveryId;
  return createHash('sha256')
    .update(`${address.toLowerCase()} ${messageId ?? ''}`)
    .digest('base64url');
}
