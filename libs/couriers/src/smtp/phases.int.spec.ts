import { afterEach, describe, expect, it } from '@jest/globals';
import type { Courier } from '../courier.js';
import { gateThat } from '../testing/gates.js';
import { type Peer, type Script, ScriptedServer } from '../testing/scripted-server.js';
import { createSmtpCourier } from './smtp-courier.js';
import type { SmtpTimeouts } from './smtp-settings.js';

const END = 'the end\r\n';
const message = {
  envelope: { from: 'ada@acme.test', to: 'bob@example.com' },
  content: Buffer.from(`Subject: hi\r\n\r\n${END}`),
};
const PATIENT: SmtpTimeouts = { connectMs: 2_000, greetingMs: 2_000, commandMs: 2_000, replyMs: 2_000 };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const fin = (peer: Peer): void => peer.end();
const rst = (peer: Peer): void => peer.reset();
const silence = (): void => undefined;
const cutAfter =
  (text: string) =>
  (peer: Peer): void => {
    peer.raw(text);
    peer.end();
  };

let server: ScriptedServer;
let courier: Courier;

async function given(script: Script, timeouts: Partial<SmtpTimeouts> = {}): Promise<void> {
  server = await ScriptedServer.start({ endOfBody: END, ...script });
  courier = createSmtpCourier({
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    maxConnections: 1,
    name: 'mailtide.test',
    timeouts: { ...PATIENT, ...timeouts },
  });
}

afterEach(async () => {
  await courier.stop();
  await server.stop();
});

describe.each([
  ['pipelined', ['PIPELINING', 'ENHANCEDSTATUSCODES']],
  ['step by step', ['ENHANCEDSTATUSCODES']],
])('an attempt, %s,', (_how, extensions) => {
  it('is accepted when the reply to the dot says so', async () => {
    await given({ extensions });
    const attempt = await courier.attempt(message, gateThat('armed'));
    expect(attempt).toEqual({
      outcome: {
        kind: 'accepted',
        phase: 'reply_received',
        reply: { code: 250, enhanced: '2.0.0', text: '2.0.0 accepted' },
      },
      connectMs: expect.any(Number),
      envelopeMs: expect.any(Number),
      armMs: expect.any(Number),
      replyMs: expect.any(Number),
      conversation: [],
    });
    expect(server.messages).toEqual([`Subject: hi\r\n\r\n${END}`]);
  });

  it.each([
    ['421 at the greeting', { greeting: '421 4.3.2 busy' }, { kind: 'temporary', phase: 'connecting' }],
    ['554 at the greeting', { greeting: '554 5.7.1 not you' }, { kind: 'provider_fault', phase: 'connecting' }],
    ['FIN at the greeting', { greeting: fin }, { kind: 'temporary', phase: 'connecting' }],
    ['RST at the greeting', { greeting: rst }, { kind: 'temporary', phase: 'connecting' }],
    ['451 at EHLO', { ehlo: '421 4.3.2 closing' }, { kind: 'temporary', phase: 'connecting' }],
    ['451 at MAIL', { mail: '451 4.3.0 later' }, { kind: 'temporary', phase: 'envelope' }],
    ['550 at MAIL', { mail: '550 5.7.1 no' }, { kind: 'permanent', phase: 'envelope', reason: 'policy_block' }],
    ['530 at MAIL', { mail: '530 5.7.0 log in' }, { kind: 'provider_fault', phase: 'envelope' }],
    ['553 at MAIL', { mail: '553 not yours' }, { kind: 'provider_fault', phase: 'envelope' }],
    ['550 5.1.0 at MAIL', { mail: '550 5.1.0 no' }, { kind: 'provider_fault', phase: 'envelope' }],
    ['550 5.7.60 at DATA', { data: '550 5.7.60 not as her' }, { kind: 'provider_fault', phase: 'envelope' }],
    ['552 5.2.2 at RCPT', { rcpt: '552 5.2.2 full' }, { kind: 'permanent', reason: 'smtp_permanent' }],
    ['553 at RCPT', { rcpt: '553 no such name' }, { kind: 'permanent', reason: 'smtp_permanent' }],
    ['454 at MAIL', { mail: '454 4.7.0 too fast' }, { kind: 'temporary', phase: 'envelope' }],
    ['FIN at MAIL', { mail: fin }, { kind: 'temporary', phase: 'envelope', reply: null }],
    [
      '450 at RCPT',
      { rcpt: '450 4.2.1 later', data: '503 5.5.1 RCPT first' },
      { kind: 'temporary', phase: 'envelope' },
    ],
    [
      '550 at RCPT',
      { rcpt: '550 5.1.1 no such user', data: '503 5.5.1 RCPT first' },
      { kind: 'permanent', phase: 'envelope', reason: 'bad_recipient' },
    ],
    ['550 at RCPT and 354 all the same', { rcpt: '550 5.1.1 no' }, { kind: 'permanent', reason: 'bad_recipient' }],
    ['a cut 550 at RCPT', { rcpt: cutAfter('550 5.1.1 no') }, { kind: 'temporary', phase: 'envelope', reply: null }],
    ['RST at RCPT', { rcpt: rst }, { kind: 'temporary', phase: 'envelope', reply: null }],
    ['451 at DATA', { data: '451 4.3.0 later' }, { kind: 'temporary', phase: 'envelope' }],
    ['554 at DATA', { data: '554 5.6.0 no' }, { kind: 'permanent', phase: 'envelope', reason: 'content_refused' }],
    ['421 at DATA', { data: '421 4.3.2 closing' }, { kind: 'temporary', phase: 'envelope' }],
    ['250 at DATA', { data: '250 2.0.0 ok' }, { kind: 'temporary', phase: 'envelope' }],
    ['FIN at DATA', { data: fin }, { kind: 'temporary', phase: 'envelope', reply: null }],
    ['a 250 with the 354', { data: '354 go\r\n250 2.0.0 ok' }, { kind: 'temporary', phase: 'before_dot' }],
    ['a 552 with the 354', { data: '354 go\r\n552 5.3.4 no' }, { kind: 'permanent', phase: 'before_dot' }],
  ])('that meets %s has not sent, and never asks the gate', async (_what, script: Script, verdict) => {
    await given({ extensions, ...script });
    const gate = gateThat('armed');
    const attempt = await courier.attempt(message, gate);
    expect(attempt).toMatchObject({ outcome: verdict, armMs: null, replyMs: null });
    expect(gate.asked).toBe(0);
    expect(server.messages.filter((body) => body.includes(END))).toEqual([]);
  });

  it.each([
    ['at the greeting', 'connecting', { greeting: silence }, { greetingMs: 50 }],
    ['at EHLO', 'connecting', { ehlo: silence }, { greetingMs: 50, commandMs: 50 }],
    ['at MAIL', 'envelope', { mail: silence }, { commandMs: 50 }],
    ['at DATA', 'envelope', { data: silence }, { commandMs: 50 }],
  ])('that meets silence %s is temporary in %s', async (_where, phase, script: Script, timeouts) => {
    await given({ extensions, ...script }, timeouts);
    const { outcome } = await courier.attempt(message, gateThat('armed'));
    expect(outcome).toMatchObject({ kind: 'temporary', phase, reply: null });
  });

  it.each([
    ['FIN', fin],
    ['RST', rst],
  ])('whose server goes by %s in the middle of the body is temporary', async (_goodbye, goodbye) => {
    const content = Buffer.from(`Subject: big\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(200_000)}`);
    await given({
      extensions,
      data: (peer) => {
        peer.say('354 go ahead');
        peer.pauseReading();
        setTimeout(() => goodbye(peer), 50);
        setTimeout(() => peer.destroy(), 60);
      },
    });
    const gate = gateThat('armed');
    const { outcome } = await courier.attempt({ ...message, content }, gate);
    expect(outcome).toMatchObject({ kind: 'temporary', phase: 'before_dot', reply: null });
    expect(gate.asked).toBe(0);
  });

  it.each([
    ['451', '451 4.3.0 later', { kind: 'temporary', reply: { code: 451 } }],
    ['454', '454 4.7.0 later', { kind: 'temporary', reply: { code: 454 } }],
    ['421', '421 4.3.2 closing', { kind: 'temporary', reply: { code: 421 } }],
    ['550', '550 5.7.1 spam', { kind: 'permanent', reason: 'policy_block' }],
    ['550 in two lines', '550-5.7.1 spam\r\n550 5.7.1 really', { kind: 'permanent', reason: 'policy_block' }],
  ])('that is answered %s after the dot has that verdict', async (_what, dot, verdict) => {
    await given({ extensions, dot });
    const { outcome } = await courier.attempt(message, gateThat('armed'));
    expect(outcome).toMatchObject({ phase: 'reply_received', ...verdict });
  });

  it.each([
    ['FIN', fin],
    ['RST', rst],
    ['silence', silence],
    ['half an acceptance', cutAfter('250 2.0.0 acc')],
    ['half a refusal', cutAfter('550 5.7.1 sp')],
    ['the first of two lines', cutAfter('250-2.0.0 more\r\n')],
    ['no SMTP at all', 'hello'],
    ['an acceptance run together', '250ok'],
    ['another 354', '354 go ahead'],
    ['lines that contradict each other', '250-2.0.0 ok\r\n550 5.7.1 spam'],
  ])('that meets %s after the dot is unknown', async (_what, dot) => {
    await given({ extensions, dot }, { replyMs: 100 });
    const attempt = await courier.attempt(message, gateThat('armed'));
    expect(attempt).toMatchObject({ outcome: { kind: 'unknown', phase: 'dot_released' }, replyMs: null });
    expect(server.messages).toHaveLength(1);
  });

  it.each([
    ['refused', { kind: 'refused' }],
    ['expired', { kind: 'withheld', error: expect.stringContaining('the dot was not written') }],
  ] as const)('whose gate answers %s writes no dot and closes', async (answer, outcome) => {
    await given({ extensions });
    expect(await courier.attempt(message, gateThat(answer))).toMatchObject({ outcome, replyMs: null });
    await server.waitFor('the connection is closed', ({ openNow }) => openNow === 0);
    expect(server.messages).toEqual([]);
    expect(server.bodyBytes).not.toMatch(/\r\n\.\r\n/);
  });

  it('asks the gate when the server has the whole body', async () => {
    await given({ extensions });
    const gate = gateThat(async () => {
      await server.waitFor('the whole body has come', ({ bodyBytes }) => bodyBytes.endsWith(END));
      expect(server.messages).toEqual([]);
      return 'armed';
    });
    expect((await courier.attempt(message, gate)).outcome.kind).toBe('accepted');
  });

  it.each([
    ['FIN', fin],
    ['RST', rst],
    ['a 250', (peer: Peer) => peer.say('250 2.0.0 ok')],
    ['a 552', (peer: Peer) => peer.say('552 5.3.4 no')],
  ])('that meets %s while the gate is asked is withheld if armed, and refused if not', async (_what, body) => {
    await given({ extensions, body });
    const slowly = (answer: 'armed' | 'refused') => async (): Promise<typeof answer> => {
      await server.waitFor('the connection is closed', ({ openNow }) => openNow === 0);
      await turn(); // in which our side reads it
      await turn();
      return answer;
    };
    expect((await courier.attempt(message, gateThat(slowly('armed')))).outcome.kind).toBe('withheld');
    expect((await courier.attempt(message, gateThat(slowly('refused')))).outcome.kind).toBe('refused');
    expect(server.messages).toEqual([]);
  });

  it('whose gate never answers is withheld', async () => {
    await given({ extensions }, { commandMs: 100 });
    const { outcome } = await courier.attempt(
      message,
      gateThat(() => new Promise(() => undefined)),
    );
    expect(outcome).toMatchObject({ kind: 'withheld' });
    expect(server.messages).toEqual([]);
  });

  it('whose gate throws rejects, and has written no dot', async () => {
    await given({ extensions });
    const bug = gateThat(() => Promise.reject(new Error('a bug')));
    await expect(courier.attempt(message, bug)).rejects.toThrow('a bug');
    await server.waitFor('the connection is closed', ({ openNow }) => openNow === 0);
    expect(server.messages).toEqual([]);
  });

  it.each([
    '\r\n.\r\nMAIL FROM:<evil@acme.test>\r\n',
    '\n.\nMAIL FROM:<evil@acme.test>\n',
    '\r.\rMAIL FROM:<evil@acme.test>\r',
    '\r\n.\nMAIL FROM:<evil@acme.test>\r\n',
    '\n.\r\nMAIL FROM:<evil@acme.test>\r\n',
    '\r\n.\rMAIL FROM:<evil@acme.test>\r\n',
    '.\r\n..\r\n...\r\n',
  ])('arrives as one message when its body holds %j', async (trick) => {
    await given({ extensions });
    const content = Buffer.from(`Subject: hi\r\n\r\none${trick}two\r\n`);
    const { outcome } = await courier.attempt({ ...message, content }, gateThat('armed'));
    expect(outcome.kind).toBe('accepted');
    expect(server.messages).toHaveLength(1);
    const received = server.messages[0] ?? '';
    expect(received).not.toMatch(/(^|[^\r])\n|\r([^\n]|$)/);
    expect(received.replaceAll(/^\./gm, '')).toBe(content.toString().replaceAll(/\r\n|\r|\n/g, '\r\n'));
    expect(server.commands.filter((command) => command.startsWith('MAIL'))).toHaveLength(1);
  });

  it('stuffs a dot wherever the body is cut into pieces', async () => {
    await given({ extensions });
    const lines = Array.from({ length: 60_000 }, (_, index) => `${'.'.repeat(index % 5)}x`).join('\r\n');
    const content = Buffer.from(`Subject: dots\r\n\r\n${lines}\r\n`);
    expect((await courier.attempt({ ...message, content }, gateThat('armed'))).outcome.kind).toBe('accepted');
    expect(server.messages[0]?.replaceAll(/^\./gm, '')).toBe(content.toString());
  });
});

describe('an attempt', () => {
  it('is temporary when nobody listens', async () => {
    await given({});
    await server.stop();
    const { outcome } = await courier.attempt(message, gateThat('armed'));
    expect(outcome).toMatchObject({ kind: 'temporary', phase: 'connecting', reply: null });
    expect(outcome).toHaveProperty('error', expect.stringContaining('ECONNREFUSED'));
    server = await ScriptedServer.start();
  });

  it('over the size that the server announced is refused without asking it', async () => {
    await given({ extensions: ['SIZE 10'] });
    const { outcome } = await courier.attempt(message, gateThat('armed'));
    expect(outcome).toMatchObject({ kind: 'permanent', phase: 'envelope', reason: 'content_refused' });
    expect(server.commands).toEqual(['EHLO mailtide.test']);
  });

  it.each([
    ['SMTPUTF8', 'bücher.example', 'MAIL FROM:<ada@acme.test> SMTPUTF8'],
    ['8BITMIME', 'xn--bcher-kva.example', 'MAIL FROM:<ada@acme.test>'],
  ])('to an IDN domain with %s names it %s', async (extension, domain, mail) => {
    await given({ extensions: [extension] });
    await courier.attempt({ ...message, envelope: { from: 'ada@acme.test', to: 'bob@bücher.example' } }, gateThat());
    const commands = server.commands.map((command) => Buffer.from(command, 'latin1').toString('utf8'));
    expect(commands).toContain(mail);
    expect(commands).toContain(`RCPT TO:<bob@${domain}>`);
  });

  it('keeps control characters of the reply to itself', async () => {
    await given({ dot: '550 5.7.1 a\u0000b\u001b[31m' });
    const { outcome } = await courier.attempt(message, gateThat('armed'));
    expect(outcome).toMatchObject({ reply: { text: '5.7.1 a?b?[31m' } });
  });
});
