import type { Socket } from 'node:net';

const END_OF_MESSAGE = Buffer.from('\r\n.\r\n');
const NOTHING = Buffer.alloc(0);
/** Longer than any header that the bench writes. */
const HEAD_BYTES = 2_048;

/** One SMTP connection that accepts everything at once (RFC 5321, with PIPELINING by RFC 2920). Told the head of each message; false cuts the connection instead of answering. */
export class SinkSession {
  private pending: Buffer = NOTHING;
  private inMessage = false;

  constructor(
    private readonly socket: Socket,
    private readonly accepted: (head: string) => boolean,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', () => socket.destroy());
    socket.write('220 sink ESMTP\r\n');
  }

  /** Whatever one chunk brought is answered by one write. */
  private take(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    let answers = '';
    for (let next = this.next(); next !== undefined; next = this.next()) answers += next;
    if (answers !== '' && this.socket.writable) this.socket.write(answers, 'latin1');
  }

  /** The answer to the next command or message; undefined: it is not complete. */
  private next(): string | undefined {
    return this.inMessage ? this.nextMessage() : this.nextCommand();
  }

  /** Mails of the bench are small: one is kept until it is whole. */
  private nextMessage(): string | undefined {
    const end = this.pending.indexOf(END_OF_MESSAGE);
    if (end < 0) return undefined;
    const head = this.pending.toString('latin1', 0, Math.min(end, HEAD_BYTES));
    this.pending = this.pending.subarray(end + END_OF_MESSAGE.length);
    this.inMessage = false;
    if (this.accepted(head)) return '250 2.0.0 accepted\r\n';
    this.socket.destroy();
    return undefined;
  }

  private nextCommand(): string | undefined {
    const end = this.pending.indexOf(10);
    if (end < 0) return undefined;
    const verb = this.pending.toString('latin1', 0, Math.min(end, 4)).toUpperCase();
    this.pending = this.pending.subarray(end + 1);
    if (verb === 'DATA') this.inMessage = true;
    if (verb === 'QUIT') this.socket.end('221 2.0.0 bye\r\n');
    return verb === 'QUIT' ? '' : (ANSWERS[verb] ?? '502 5.5.2 not known\r\n');
  }
}

const OK = '250 2.0.0 ok\r\n';
const ANSWERS: Readonly<Record<string, string>> = {
  EHLO: '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 52428800\r\n',
  HELO: OK,
  MAIL: OK,
  RCPT: OK,
  DATA: '354 go ahead\r\n',
  RSET: OK,
  NOOP: OK,
};
