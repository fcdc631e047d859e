import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import type { SMTPServerAddress, SMTPServerAuthentication, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { publicId, type TenantId } from '#domain';
import { BodyBudget, type Caller, type Callers } from '#http';
import type { SandboxSender } from '#storage';
import type { Facts, Logger } from '#telemetry';
import type { Arrivals } from './arrivals.js';
import { type ReadMessage, readMessage } from './read-message.js';
import { ReceiveMessage, type Verdict } from './receive-message.js';
import type { SandboxLedger } from './sandbox-ledger.js';
import { parseScript } from './script.js';
import { ScriptedSmtpServer, SmtpRefusal } from './smtp-replies.js';

/** RFC 1870: 25 MiB. */
export const MAX_MESSAGE_BYTES = 26_214_400;
/** Of all messages in hand together. */
const MESSAGES_BUDGET = 134_217_728;
const MAX_CLIENTS = 1_000;
const MAX_RECIPIENTS = 100;
/** RFC 5321 4.5.3.2.7 */
const IDLE_MS = 300_000;
/** Who connects and asks for nothing occupies a place. */
const SILENT_MS = 60_000;
/** How long messages in hand may take when the process stops. */
const DRAIN_MS = 20_000;

export interface SmtpInParts {
  readonly callers: Callers;
  readonly ledger: SandboxLedger;
  readonly arrivals: Arrivals;
  readonly facts: Facts;
  readonly log: Logger;
  /** Whose mail is that belongs to no delivery and no key; null: nobody's. */
  readonly anonymousTenant: TenantId | null;
}

type Done = (error?: Error | null, text?: string) => void;

/** The sandbox's SMTP server. What it accepts is on disk before the client is told so. */
export class SmtpIn {
  private readonly server: ScriptedSmtpServer;
  private readonly receive: ReceiveMessage;
  private readonly budget = new BodyBudget(MESSAGES_BUDGET);
  private readonly stopping = new AbortController();
  /** Sessions that have sent DATA and were not answered yet. */
  private readonly inHand = new Set<SMTPServerSession>();

  constructor(private readonly parts: SmtpInParts) {
    this.receive = new ReceiveMessage(parts.ledger, parts.arrivals, parts.facts, this.stopping.signal);
    this.server = new ScriptedSmtpServer(
      {
        name: 'sandbox.mailtide.test',
        banner: 'Mailtide sandbox: keeps everything, delivers nothing',
        size: MAX_MESSAGE_BYTES,
        rejectOversized: true,
        authMethods: ['PLAIN'],
        authOptional: true,
        allowInsecureAuth: true,
        disabledCommands: ['STARTTLS'],
        hideENHANCEDSTATUSCODES: false,
        disableReverseLookup: true,
        maxClients: MAX_CLIENTS,
        maxRecipients: MAX_RECIPIENTS,
        socketTimeout: IDLE_MS,
        closeTimeout: DRAIN_MS,
        logger: false,
        onAuth: callbackify((auth: SMTPServerAuthentication, _session: SMTPServerSession) => this.logIn(auth)),
        onRcptTo: callbackify(({ address }: SMTPServerAddress, session: SMTPServerSession) =>
          this.checkRecipient(address, session),
        ),
        onData: (stream, session, done) => void this.takeMessage(stream, session, done),
      },
      SILENT_MS,
    );
    this.server.on('error', (error: Error) => {
      const { listening } = this.server.server; // else `start` throws it
      if (listening) parts.log.warn({ err: error }, 'the sandbox SMTP server had trouble');
    });
  }

  /** Listens; throws when the port is taken. */
  async start(port: number, host: string): Promise<void> {
    this.server.listen(port, host);
    await once(this.server.server, 'listening');
  }

  /** The port it listens on. */
  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** Takes nothing new, finishes what is in hand, and says goodbye to the rest. May be called twice. */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted || !this.server.server.listening) return;
    this.stopping.abort();
    const closed = new Promise<void>((resolve) => this.server.close(resolve));
    for (const { session } of new Set(this.server.connections))
      if (!this.inHand.has(session)) this.server.dismiss(session);
    await closed;
  }

  private async logIn({ password }: SMTPServerAuthentication): Promise<{ readonly user: Caller }> {
    const caller = password ? await this.parts.callers.find(password) : undefined;
    if (caller?.mode !== 'test')
      throw new SmtpRefusal(535, '5.7.8 log in with any name and a test key (mt_test_...) as password');
    return { user: caller };
  }

  private async checkRecipient(address: string, session: SMTPServerSession): Promise<void> {
    if (!parseScript(address).steps.some(({ kind }) => kind === 'bounce')) return;
    await this.receive.refuseRecipient(this.senderOf(session), address);
    throw new SmtpRefusal(550, '5.1.1 no such mailbox (the script "bounce" says so)');
  }

  private async takeMessage(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    this.inHand.add(session);
    try {
      await this.takeWhole(await readMessage(stream, this.budget), session, done);
    } catch (error) {
      this.parts.log.error({ err: error }, 'a message could not be kept; its client was told to try again');
      done(new SmtpRefusal(451, '4.3.0 the sandbox cannot store mail now, try again later'));
    } finally {
      this.inHand.delete(session);
      if (this.stopping.signal.aborted) this.server.dismiss(session);
    }
  }

  private async takeWhole(message: ReadMessage, session: SMTPServerSession, done: Done): Promise<void> {
    switch (message.kind) {
      case 'gone':
        return;
      case 'too_large':
        return await this.refuseBig(session, done);
      case 'no_room':
        return done(new SmtpRefusal(452, '4.3.1 too many messages are on their way, try again later'));
      case 'whole':
        try {
          return this.answer(await this.judge(message.raw, session), session, done);
        } finally {
          message.giveBack();
        }
    }
  }

  private judge(raw: Buffer, session: SMTPServerSession): Promise<Verdict> {
    const { mailFrom, rcptTo } = session.envelope;
    return this.receive.run({
      sender: this.senderOf(session),
      mailFrom: mailFrom ? mailFrom.address : '',
      recipients: rcptTo.map(({ address }) => address),
      raw,
    });
  }

  private async refuseBig(session: SMTPServerSession, done: Done): Promise<void> {
    const sender = this.senderOf(session);
    await Promise.all(session.envelope.rcptTo.map(({ address }) => this.receive.refuseRecipient(sender, address)));
    done(); // rejectOversized answers 552 5.3.4
  }

  private answer(verdict: Verdict, session: SMTPServerSession, done: Done): void {
    switch (verdict.kind) {
      case 'accepted':
        return done(null, `2.0.0 accepted ${publicId('sandbox_message', verdict.id)}`);
      case 'refused':
        return done(verdict.refusal);
      case 'dropped':
        return this.server.cut(session);
    }
  }

  private senderOf(session: SMTPServerSession): SandboxSender {
    const caller = session.user as Caller | undefined;
    return caller
      ? { tenantId: caller.tenantId, loggedIn: true }
      : { tenantId: this.parts.anonymousTenant, loggedIn: false };
  }
}
