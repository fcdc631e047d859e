import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import type { Courier } from '../courier.js';
import { gateThat } from '../testing/gates.js';
import { type Script, ScriptedServer } from '../testing/scripted-server.js';
import { createSmtpCourier } from './smtp-courier.js';
import type { SmtpCredentials } from './smtp-settings.js';

const END = 'the end\r\n';
const PASSWORD = 'hunter2 very secret';
const message = {
  envelope: { from: 'ada@acme.test', to: 'bob@example.com' },
  content: Buffer.from(`Subject: hi\r\n\r\nsecret body\r\n${END}`),
};

let server: ScriptedServer;
let courier: Courier;

async function given(script: Script, auth?: SmtpCredentials): Promise<void> {
  server = await ScriptedServer.start({ endOfBody: END, ...script });
  courier = createSmtpCourier({
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    maxConnections: 1,
    name: 'mailtide.test',
    ...(auth && { auth }),
  });
}

afterEach(async () => {
  await courier.stop();
  await server.stop();
});

const attempt = (gate = gateThat('armed')) => courier.attempt(message, gate);

describe('the conversation of an attempt', () => {
  it('is kept when the message was refused, from the greeting to the reply, without the body', async () => {
    await given({ rcpt: '451-4.3.0 try\r\n451 4.3.0 later' });
    const { conversation } = await attempt();
    expect(conversation).toEqual([
      '< 220 scripted.test ESMTP',
      '> EHLO mailtide.test',
      '< 250 scripted.test',
      '> MAIL FROM:<ada@acme.test>',
      '< 250 2.1.0 ok',
      '> RCPT TO:<bob@example.com>',
      '< 451-4.3.0 try',
      '< 451 4.3.0 later',
    ]);
  });

  it('begins anew with each message of a session, and says of a body how long it was', async () => {
    let dots = 0;
    await given({ dot: (peer) => peer.say((dots += 1) === 1 ? '250 2.0.0 ok' : '451 4.3.0 later') });
    expect((await attempt()).conversation).toEqual([]);
    expect((await attempt()).conversation).toEqual([
      '> MAIL FROM:<ada@acme.test>',
      '< 250 2.1.0 ok',
      '> RCPT TO:<bob@example.com>',
      '< 250 2.1.5 ok',
      '> DATA',
      '< 354 go ahead',
      `> (the message, ${message.content.length} bytes)`,
      '> .',
      '< 451 4.3.0 later',
    ]);
    expect(server.connections).toBe(1);
  });

  it('says of a login only that there was one, whatever the server quotes', async () => {
    const quoted = Buffer.from(`\0ada\0${PASSWORD}`).toString('base64');
    await given(
      { extensions: ['AUTH PLAIN'], auth: `535-5.7.8 not with ${quoted}\r\n535 5.7.8 nor ${PASSWORD}` },
      { user: 'ada', password: PASSWORD },
    );
    const { outcome, conversation } = await attempt();
    expect(outcome.kind).toBe('provider_fault');
    expect(conversation.slice(-3)).toEqual(['> AUTH PLAIN ***', '< 535-5.7.8 not with ***', '< 535 5.7.8 nor ***']);
    expect(conversation.join()).not.toContain(PASSWORD);
  });

  it('is cut: at most 100 lines of 500 characters', async () => {
    const lines = Array.from({ length: 150 }, (_, n) => `550${n === 149 ? ' ' : '-'}5.7.1 ${n} ${'x'.repeat(600)}`);
    await given({ rcpt: lines.join('\r\n') });
    const { conversation } = await attempt();
    expect(conversation).toHaveLength(100);
    expect(conversation.at(-1)).toMatch(/^< 550 5\.7\.1 149 x+$/);
    expect(conversation.at(-1)).toHaveLength(500);
  });
});

describe('an attempt that is abandoned because the sender stops', () => {
  it('is withheld before its dot', async () => {
    await given({ rcpt: () => undefined });
    const [ending, waiting] = [attempt(), attempt()]; // there is one connection
    await server.waitFor('RCPT', ({ commands }) => commands.some((command) => command.startsWith('RCPT')));
    courier.abandon('unarmed');
    const withheld = { kind: 'withheld', error: expect.stringContaining('stopping') };
    expect([(await ending).outcome, (await waiting).outcome]).toEqual([withheld, withheld]);
  });

  it('is unknown behind its dot, and then only: until then its reply is waited for', async () => {
    await given({ dot: () => undefined });
    const ending = attempt();
    await server.waitFor('the dot', ({ messages }) => messages.length === 1);
    courier.abandon('unarmed');
    const late = ending.then(({ outcome }) => outcome);
    expect(await Promise.race([late, new Promise((resolve) => setImmediate(() => resolve('waiting')))])).toBe(
      'waiting',
    );
    courier.abandon('all');
    expect(await late).toEqual({
      kind: 'unknown',
      phase: 'dot_released',
      error: expect.stringMatching(/^shutdown/),
    });
    await eventually(() => expect(server.openNow).toBe(0), 2_000);
  });
});
