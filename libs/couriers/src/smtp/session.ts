import { isAscii } from 'node:buffer';
import type { Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { OutgoingMessage } from '../courier.js';
import type { Conversation } from './conversation.js';
import type { GatedBody } from './gated-body.js';

export type SendCallback = (error: SMTPConnection.SMTPError | null, response: string | undefined) => void;

const QUIT_MS = 2_000;
const NOOP = (): void => undefined;

/** One SMTP session (RFC 5321 3.1), greeted, encrypted and logged in: one message after the other goes through it. */
export class Session {
  messages = 0;
  /** Called when the connection closes while a message is under way. nodemailer may have called back before. */
  whenInterrupted: () => void = NOOP;

  /**
   * @param socket ours, so that destroying it is ours too: nodemailer's close() calls nobody back
   * @param takesUtf8 whether the server announced SMTPUTF8 (RFC 6531)
   */
  constructor(
    private readonly connection: SMTPConnection,
    private readonly socket: Socket,
    private readonly takesUtf8: boolean,
    readonly conversation: Conversation,
  ) {
    connection.once('end', () => socket.destroy());
  }

  /** Tells once that the connection has closed, for whatever reason. */
  onClosed(whenClosed: () => void): void {
    this.socket.once('close', () => {
      whenClosed();
      setImmediate(() => this.whenInterrupted()); // nodemailer first: it knows better why
    });
  }

  /** Whether a byte written now has a way to the server. */
  get isOpen(): boolean {
    const { wire } = this;
    return !this.connection.destroyed && wire.writable && !wire.readableEnded && !this.socket.destroyed;
  }

  /** The last thing the server said since the message began; empty when it was silent. */
  get lastReply(): string {
    return this.connection.lastServerResponse || '';
  }

  /** Calls back when what was written has left, as far as the connection can tell. */
  whenDrained(done: () => void): void {
    const { wire } = this;
    // The body's pipe listens for the same event, and has written more by the time we are told: look again.
    if (wire.writableNeedDrain) wire.once('drain', () => this.whenDrained(done));
    else done();
  }

  /** One mail transaction. The callback may never come: whoever calls has a timer. */
  send({ envelope, content }: OutgoingMessage, body: GatedBody, callback: SendCallback): void {
    if (this.messages > 0) this.conversation.beginAnew(); // the first one's began with the greeting
    this.messages += 1;
    this.connection.lastServerResponse = false;
    const addresses = { from: this.onWire(envelope.from), to: [this.onWire(envelope.to)] };
    const announced = { ...addresses, size: content.length, use8BitMime: !isAscii(content) };
    this.connection.send(announced, body, (error, info) => callback(error, error ? undefined : info.response));
  }

  /** Ends a transaction that was refused half-way, so that the next one can begin. */
  reset(withinMs: number, callback: (isClean: boolean) => void): void {
    const done = (isClean: boolean): void => {
      clearTimeout(timer);
      this.whenInterrupted = NOOP;
      callback(isClean);
    };
    const timer = setTimeout(() => done(false), withinMs);
    this.whenInterrupted = () => done(false);
    this.connection.reset((error) => done(!error));
  }

  /** Says goodbye and closes; resolves when that is done, by force if the server does not answer. */
  async quit(): Promise<void> {
    if (!this.isOpen) return this.destroy();
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => this.destroy(), QUIT_MS);
      this.socket.once('close', () => {
        clearTimeout(force);
        resolve();
      });
      this.connection.quit();
    });
  }

  destroy(): void {
    this.connection.close();
    this.socket.destroy();
  }

  /** Where bytes go in: our socket, or what STARTTLS has put around it. */
  private get wire(): Socket {
    // oxlint-disable-next-line no-underscore-dangle -- nodemailer declares it public
    return this.connection._socket || this.socket;
  }

  /** A server without SMTPUTF8 still takes an IDN domain by its ASCII name (RFC 5891 4). */
  private onWire(address: string): string {
    if (this.takesUtf8) return address;
    const at = address.lastIndexOf('@') + 1;
    return address.slice(0, at) + (domainToASCII(address.slice(at)) || address.slice(at));
  }
}
