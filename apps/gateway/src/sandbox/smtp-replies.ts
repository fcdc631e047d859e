// oxlint-disable no-underscore-dangle -- the library's own names, public in its types
import type net from 'node:net';
import type tls from 'node:tls';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection';

/** An answer that is no success: `new SmtpRefusal(550, '5.1.1 no such mailbox')`. */
export class SmtpRefusal extends Error {
  constructor(
    /** RFC 5321 4.2. */
    readonly responseCode: number,
    /** Begins with the enhanced status code (RFC 3463). */
    text: string,
  ) {
    super(text);
  }
}

const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3} /;

/** Lets our replies bear their own enhanced status codes: the library knows one for each reply code only. */
class ScriptedConnection extends SMTPConnection {
  constructor(
    server: SMTPServer,
    socket: net.Socket | tls.TLSSocket,
    options: SMTPConnectionOptions | null | undefined,
    private readonly silentMs: number,
  ) {
    super(server, socket, options);
  }

  /** Greets at once. The library waits 100 ms for clients that talk too soon, which every new connection would pay for. */
  override init(): void {
    this._setListeners(() => {
      this._socket.setTimeout(this.silentMs);
      if (this._server.connections.size > (this._server.options.maxClients ?? Infinity)) {
        this.send(421, `${this.name} too many connections, try again in a moment`, false);
      } else this.connectionReady();
    });
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const hasItsOwn = typeof data === 'string' && ENHANCED.test(data);
    super.send(code, data, hasItsOwn ? false : context);
  }
}

/** The library's server with our replies, and a way from a session to its connection. */
export class ScriptedSmtpServer extends SMTPServer {
  private readonly bySession = new WeakMap<SMTPServerSession, SMTPConnection>();

  constructor(
    options: SMTPServerOptions & { readonly socketTimeout: number },
    /** How long a client may be silent before its first MAIL; afterwards `socketTimeout` holds. */
    private readonly silentMs: number,
  ) {
    super({
      ...options,
      onMailFrom: (_address, session, next) => {
        this.bySession.get(session)?._socket.setTimeout(options.socketTimeout);
        next();
      },
    });
  }

  override connect(socket: net.Socket | tls.TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new ScriptedConnection(this, socket, options, this.silentMs);
    this.bySession.set(connection.session, connection);
    this.connections.add(connection);
    connection.on('error', () => connection.close()); // a client that went away is no concern of ours
    connection.init();
  }

  /** Ends the connection without a word. */
  cut(session: SMTPServerSession): void {
    this.bySession.get(session)?._socket.destroy();
  }

  /** Says goodbye (421) and ends the connection. */
  dismiss(session: SMTPServerSession): void {
    this.bySession.get(session)?.send(421, '4.3.2 shutting down, try again soon');
  }
}
