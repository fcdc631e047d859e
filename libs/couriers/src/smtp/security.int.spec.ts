import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Outcome } from '#domain';
import { selfSignedCertificate } from '#testing';
import { gateThat } from '../testing/gates.js';
import { ScriptedServer } from '../testing/scripted-server.js';
import { createSmtpCourier } from './smtp-courier.js';
import type { SmtpSettings } from './smtp-settings.js';

const SECRET = 'correct horse';
const certificate = selfSignedCertificate();
const message = {
  envelope: { from: 'ada@acme.test', to: 'bob@example.com' },
  content: Buffer.from('Subject: hi\r\n\r\nhi\r\n'),
};
const unverified = { rejectUnauthorized: false };

let closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
  closers = [];
});

async function givenServer(options: SMTPServerOptions) {
  const seen = { isSecure: [] as boolean[], messages: [] as string[] };
  const server = new SMTPServer({
    ...certificate,
    authOptional: true,
    closeTimeout: 100,
    ...options,
    onData: (stream, session, callback) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        seen.isSecure.push(session.secure);
        seen.messages.push(text);
        callback();
      });
    },
    onAuth: ({ username, password }, _session, callback) => {
      if (username === 'ada' && password === SECRET) callback(null, { user: 'ada' });
      else callback(new Error(`no such login: ${password} ${Buffer.from(`\0ada\0${password}`).toString('base64')}`));
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
  return { ...seen, port: (server.server.address() as AddressInfo).port };
}

async function send(port: number, settings: Pick<SmtpSettings, 'security' | 'auth' | 'tls'>): Promise<Outcome> {
  const courier = createSmtpCourier({ host: '127.0.0.1', port, maxConnections: 1, name: 'mailtide.test', ...settings });
  closers.unshift(() => courier.stop());
  const { outcome } = await courier.attempt(message, gateThat('armed'));
  await courier.stop();
  return outcome;
}

describe('encryption', () => {
  it.each([
    ['starttls, verified', { security: 'starttls', tls: { ca: certificate.cert } }, {}, true],
    ['starttls, unverified', { security: 'starttls', tls: unverified }, {}, true],
    ['starttls_optional', { security: 'starttls_optional' }, {}, true],
    ['starttls_optional and not offered', { security: 'starttls_optional' }, { hideSTARTTLS: true }, false],
    ['none although it is offered', { security: 'none' }, {}, false],
    ['tls, verified', { security: 'tls', tls: { ca: certificate.cert } }, { secure: true }, true],
    ['tls, unverified', { security: 'tls', tls: unverified }, { secure: true }, true],
  ] as const)('with %s delivers', async (_what, settings, options, isSecure) => {
    const server = await givenServer(options);
    expect((await send(server.port, settings)).kind).toBe('accepted');
    expect(server.isSecure).toEqual([isSecure]);
    expect(server.messages).toEqual([message.content.toString()]);
  });

  it.each([
    ['starttls', {}],
    ['tls', { secure: true }],
  ] as const)('with %s to a server whose certificate nobody trusts is temporary', async (security, options) => {
    const server = await givenServer(options);
    const outcome = await send(server.port, { security });
    expect(outcome).toMatchObject({ kind: 'temporary', phase: 'connecting' });
    expect(outcome).toHaveProperty('error', expect.stringContaining('self-signed'));
    expect(server.messages).toEqual([]);
  });

  it('required and not offered is the fault of the provider, and nothing is sent in clear', async () => {
    const server = await givenServer({ disabledCommands: ['STARTTLS'] });
    const outcome = await send(server.port, { security: 'starttls', auth: { user: 'ada', password: SECRET } });
    expect(outcome).toMatchObject({ kind: 'provider_fault', phase: 'connecting' });
    expect(outcome).toHaveProperty('error', expect.stringContaining('encryption is required'));
    expect(server.messages).toEqual([]);
  });

  it('forgets what was said before it began, so that nobody can slip in an offer', async () => {
    const heard: string[] = [];
    const converse = (socket: Socket, extensions: string): void => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        const command = chunk.toString().trim();
        heard.push(command);
        if (command.startsWith('EHLO')) socket.write(`250-tricky.test\r\n250 ${extensions}\r\n`);
        if (command !== 'STARTTLS') return;
        socket.removeAllListeners('data');
        socket.write('220 go ahead\r\n250-evil.test\r\n250 AUTH PLAIN\r\n250 AUTH');
        converse(new TLSSocket(socket, { isServer: true, ...certificate }), 'SIZE');
      });
    };
    const server = createServer((socket) => {
      socket.write('220 tricky.test\r\n');
      converse(socket, 'STARTTLS');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const auth = { user: 'ada', password: SECRET };
    const outcome = await send((server.address() as AddressInfo).port, { security: 'starttls', tls: unverified, auth });
    expect(outcome).toMatchObject({ kind: 'provider_fault', error: expect.stringContaining('offers no AUTH') });
    expect(heard).toEqual(['EHLO mailtide.test', 'STARTTLS', 'EHLO mailtide.test']);
  });

  it('spoken to a server that does not speak it is temporary', async () => {
    const server = await ScriptedServer.start();
    closers.push(() => server.stop());
    expect(await send(server.port, { security: 'tls' })).toMatchObject({ kind: 'temporary', phase: 'connecting' });
  });
});

describe('logging in', () => {
  const secure = { security: 'starttls', tls: unverified } as const;

  it.each([['PLAIN'], ['LOGIN']])('by %s delivers', async (method) => {
    const server = await givenServer({ authOptional: false, authMethods: [method] });
    const outcome = await send(server.port, { ...secure, auth: { user: 'ada', password: SECRET } });
    expect(outcome.kind).toBe('accepted');
  });

  it.each([['PLAIN'], ['LOGIN']])('by %s with a wrong password is the fault of the provider', async (method) => {
    const server = await givenServer({ authOptional: false, authMethods: [method] });
    const outcome = await send(server.port, { ...secure, auth: { user: 'ada', password: 'wrong:pass' } });
    expect(outcome).toMatchObject({ kind: 'provider_fault', phase: 'connecting', reply: { code: 535 } });
    const stored = JSON.stringify(outcome);
    expect(stored).toContain('no such login');
    for (const secret of ['wrong:pass', Buffer.from('\0ada\0wrong:pass').toString('base64')]) {
      expect(stored).not.toContain(secret);
    }
  });

  it('where no login is offered is the fault of the provider, and the password stays here', async () => {
    const server = await ScriptedServer.start();
    closers.push(() => server.stop());
    const outcome = await send(server.port, { security: 'none', auth: { user: 'ada', password: SECRET } });
    expect(outcome).toMatchObject({ kind: 'provider_fault', error: expect.stringContaining('offers no AUTH') });
    expect(server.commands).not.toContain(expect.stringContaining('AUTH'));
  });
});
