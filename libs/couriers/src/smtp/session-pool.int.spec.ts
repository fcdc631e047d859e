import { afterEach, describe, expect, it } from '@jest/globals';
import type { Courier } from '../courier.js';
import { gateThat } from '../testing/gates.js';
import { type Script, ScriptedServer } from '../testing/scripted-server.js';
import { createSmtpCourier } from './smtp-courier.js';

const message = {
  envelope: { from: 'ada@acme.test', to: 'bob@example.com' },
  content: Buffer.from('Subject: hi\r\n\r\nhi\r\n'),
};

let server: ScriptedServer;
let courier: Courier;

async function given(script: Script, maxConnections = 1): Promise<void> {
  server = await ScriptedServer.start({ extensions: ['PIPELINING'], ...script });
  courier = createSmtpCourier({
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    maxConnections,
    name: 'mailtide.test',
  });
}
const send = async (gate = gateThat('armed')) => (await courier.attempt(message, gate)).outcome;

afterEach(async () => {
  await courier.stop();
  await server.stop();
});

describe('sessions', () => {
  it('carry one message after the other, and count no time for connecting then', async () => {
    await given({});
    await send();
    expect(await courier.attempt(message, gateThat('armed'))).toMatchObject({
      outcome: { kind: 'accepted' },
      connectMs: 0,
    });
    expect(server.connections).toBe(1);
  });

  it('are never more than allowed, and everybody gets a turn', async () => {
    await given({}, 3);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(server.mostOpen).toBe(3);
  });

  it('give their places on when they cannot be opened', async () => {
    await given({ greeting: '421 4.3.2 busy' }, 2);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => send()));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(6).fill('temporary'));
  });

  it('go on after a refused recipient, by RSET', async () => {
    await given({ rcpt: (peer) => peer.say(server.messages.length === 0 ? '550 5.1.1 no' : '250 ok'), data: '554 no' });
    expect((await send()).kind).toBe('permanent');
    await send();
    expect(server.connections).toBe(1);
    expect(server.commands.filter((command) => command === 'RSET')).toHaveLength(1);
  });

  it('go on after a message refused behind its dot', async () => {
    await given({ dot: '550 5.7.1 spam' });
    await send();
    await send();
    expect(server.connections).toBe(1);
  });

  it('are not used again when their connection or their gate failed', async () => {
    await given({ dot: (peer) => (peer.connection === 1 ? peer.end() : peer.say('250 ok')) });
    expect((await send()).kind).toBe('unknown');
    expect((await send(gateThat('refused'))).kind).toBe('refused');
    expect((await send()).kind).toBe('accepted');
    expect(server.connections).toBe(3);
  });

  it('closed by the server while idle are dropped unused', async () => {
    await given({});
    await send();
    server.closeConnections();
    await server.waitFor('the connection is closed', ({ openNow }) => openNow === 0);
    expect((await send()).kind).toBe('accepted');
    expect(server.connections).toBe(2);
  });

  it('found dead at MAIL are replaced once, for nothing was sent', async () => {
    await given({
      mail: (peer) => (peer.connection === 1 && server.messages.length > 0 ? peer.reset() : peer.say('250 ok')),
    });
    await send();
    const gate = gateThat('armed');
    expect((await send(gate)).kind).toBe('accepted');
    expect([server.connections, gate.asked]).toEqual([2, 1]);
  });

  it('never take a stray second reply for the answer to the next message', async () => {
    await given({ dot: '250 2.0.0 ok\r\n250 2.0.0 ok', rcpt: '250 ok' });
    await send();
    const { kind } = await send();
    expect(kind === 'accepted' ? server.messages.length : 2).toBe(2);
    expect(kind).not.toBe('unknown');
  });

  it('are closed with QUIT by stop, which may be called twice', async () => {
    await given({});
    await send();
    await Promise.all([courier.stop(), courier.stop()]);
    expect(server.commands.at(-1)).toBe('QUIT');
    await server.waitFor('the connection is closed', ({ openNow }) => openNow === 0);
  });

  it('in use when stop is called end their attempt and close then', async () => {
    await given({});
    const gate = gateThat(async () => {
      await courier.stop();
      return 'armed';
    });
    expect((await send(gate)).kind).toBe('accepted');
    await server.waitFor('the connection is closed', ({ openNow }) => openNow === 0);
  });
});
