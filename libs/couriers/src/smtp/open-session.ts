import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Outcome } from '#domain';
import { Conversation } from './conversation.js';
import { Session } from './session.js';
import type { SmtpCredentials, SmtpSettings, SmtpTimeouts } from './smtp-settings.js';
import { type Conceal, type SmtpError, verdictOnOpening } from './verdict.js';

export type Opening =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'failed'; readonly outcome: Outcome; readonly conversation: readonly string[] };

/** Connects, greets, encrypts and logs in. Every failure is an answer. */
export async function openSession(settings: SmtpSettings, timeouts: SmtpTimeouts, conceal: Conceal): Promise<Opening> {
  let socket: Socket | undefined;
  const conversation = new Conversation(conceal);
  try {
    socket = await openSocket(settings, timeouts.connectMs);
    const connection = handshaking(settings, socket, timeouts, conversation);
    const takesUtf8 = await greet(connection, socket, timeouts);
    if (settings.auth) await logIn(connection, socket, settings.auth, timeouts.commandMs);
    return { kind: 'open', session: new Session(connection, socket, takesUtf8, conversation) };
  } catch (error) {
    socket?.destroy();
    return { kind: 'failed', outcome: verdictOnOpening(error as SmtpError, conceal), conversation: conversation.lines };
  }
}

function openSocket({ host, port, security, tls }: SmtpSettings, connectMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const isImplicit = security === 'tls';
    const servername = tls?.servername ?? (isIP(host) ? undefined : host);
    const socket = isImplicit
      ? connectTls({ host, port, ...tls, ...(servername !== undefined && { servername }) })
      : connectTcp({ host, port });
    const timer = setTimeout(() => socket.destroy(silence(`connecting to ${host}:${port}`, connectMs)), connectMs);
    const onClose = (): void => reject(gone());
    socket.setNoDelay(true);
    socket.on('error', reject); // stays: an error that nobody listens to would end the process
    socket.once('close', onClose);
    socket.once('close', () => clearTimeout(timer));
    socket.once(isImplicit ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.off('close', onClose);
      resolve(socket);
    });
  });
}

function handshaking(
  settings: SmtpSettings,
  socket: Socket,
  timeouts: SmtpTimeouts,
  conversation: Conversation,
): SMTPConnection {
  const { host, port, name, security, tls } = settings;
  const isImplicit = security === 'tls';
  const connection = new SMTPConnection({
    host,
    port,
    name,
    connection: socket,
    secure: isImplicit,
    secured: isImplicit,
    ignoreTLS: security === 'none',
    requireTLS: security === 'starttls',
    opportunisticTLS: security === 'starttls_optional',
    tls: security === 'starttls_optional' ? { rejectUnauthorized: false, ...tls } : { ...tls },
    greetingTimeout: timeouts.greetingMs,
    // Its own clocks stand behind ours, which know the phase.
    connectionTimeout: timeouts.greetingMs + 2 * timeouts.commandMs,
    socketTimeout: 2 * Math.max(timeouts.commandMs, timeouts.replyMs),
    socketCloseTimeout: 0,
    logger: conversation.logger,
    transactionLog: true,
  });
  connection.on('error', () => undefined); // one that comes between two steps must not be thrown
  return connection;
}

/** Greeting, EHLO and, if wanted, STARTTLS and EHLO again. Tells whether the server takes SMTPUTF8. */
async function greet(connection: SMTPConnection, socket: Socket, timeouts: SmtpTimeouts): Promise<boolean> {
  const longest = timeouts.greetingMs + 2 * timeouts.commandMs;
  await step(connection, socket, 'the greeting', longest, (done) => connection.connect(done));
  return /[ -]SMTPUTF8\b/im.test(connection.lastServerResponse || ''); // the answer to EHLO
}

async function logIn(
  connection: SMTPConnection,
  socket: Socket,
  { user, password }: SmtpCredentials,
  commandMs: number,
): Promise<void> {
  // nodemailer would send the password anyway.
  if (!connection.allowsAuth) throw Object.assign(new Error('the server offers no AUTH'), { code: 'EAUTH' });
  await step(connection, socket, 'AUTH', commandMs, (done) => connection.login({ user, pass: password }, done));
}

type Done = (error?: SmtpError | null) => void;

/** One step that nodemailer may end by its callback, by an `error` event, or not at all. */
function step(
  connection: SMTPConnection,
  socket: Socket,
  what: string,
  afterMs: number,
  begin: (done: Done) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done: Done = (error) => {
      clearTimeout(timer);
      connection.off('error', done);
      socket.off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onClose = (): void => void setImmediate(() => done(gone())); // nodemailer first: it knows better why
    const timer = setTimeout(() => done(silence(what, afterMs)), afterMs);
    connection.on('error', done);
    socket.once('close', onClose);
    begin(done);
  });
}

const gone = (): SmtpError => Object.assign(new Error('the connection was closed'), { code: 'ECONNECTION' });
const silence = (what: string, afterMs: number): SmtpError =>
  Object.assign(new Error(`${what}: no answer in ${afterMs} ms`), { code: 'ETIMEDOUT' });
