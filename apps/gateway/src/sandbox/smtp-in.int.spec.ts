import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { readEnvironment, testConfig } from '#config';
import { type JobId, parsePublicId, publicId } from '#domain';
import { type Database, ensureKey, ensureTenant, newId } from '#storage';
import { openFree, testDatabase, uniqueName } from '#testing';
import { gatewayOnFreePorts } from '../testing/gateway-on-free-ports.js';
import { storeEmail } from '../testing/store-email.js';
import type { RunningGateway } from '../start-gateway.js';
import type { MessageView } from './message.view.js';

const TEST_KEY = `mt_test_${'t'.repeat(43)}`;
const LIVE_KEY = `mt_live_${'l'.repeat(43)}`;

let db: Database;
let dev: RunningGateway;
let keys: RunningGateway;

beforeAll(async () => {
  const { TEST_KAFKA_BROKERS: brokers } = readEnvironment(testConfig);
  const { url: databaseUrl } = await testDatabase();
  db = openFree(databaseUrl, 2);
  const tenantId = await ensureTenant(db, 'acme');
  for (const secret of [TEST_KEY, LIVE_KEY]) await ensureKey(db, { secret, tenantId, name: 'spec', scopes: ['admin'] });
  [dev, keys] = await Promise.all([
    gatewayOnFreePorts({ databaseUrl, brokers, topicPrefix: uniqueName('smtp-in-') }),
    gatewayOnFreePorts({ databaseUrl, brokers, topicPrefix: uniqueName('smtp-in-'), authMode: 'keys' }),
  ]);
}, 60_000);

afterAll(async () => {
  await Promise.all([dev.stop(), keys.stop()]);
  await db.stop();
});

/** An email of `acme` with one copy; the public ids of both. */
async function anEmailTo(to: string, mode: 'live' | 'test' = 'test', jobId?: JobId) {
  const tenantId = await ensureTenant(db, 'acme');
  const { id, deliveryId } = await storeEmail(db, { tenantId, to, mode, ...(jobId && { jobId }) });
  return { emailId: publicId('email', id), deliveryId: publicId('delivery', deliveryId) };
}

const transport = (gateway: RunningGateway, auth?: { user: string; pass: string }) =>
  createTransport({ host: '127.0.0.1', port: gateway.smtpPort, secure: false, ignoreTLS: true, ...(auth && { auth }) });

const mail = (to: string, subject = 'Hello', headers: Record<string, string> = {}) => ({
  from: 'Bob <bob@example.com>',
  to,
  subject,
  text: 'It works',
  headers,
});

async function get<T = { data: MessageView[] }>(path: string, gateway = dev, key?: string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/sandbox/${path}`, {
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  });
  return (await response.json()) as T;
}

/** Talks SMTP by hand; answers what the server said to each line sent. */
async function conversation(port: number) {
  const socket = net.connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
  const reply = async () => {
    while (!/^\d{3} .*\r\n$/m.test(heard)) {
      await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => Promise.reject(new Error('closed')))]);
    }
    const said = heard;
    heard = '';
    return said;
  };
  await reply();
  return {
    say: (text: string) => {
      socket.write(text);
      return reply();
    },
    end: () => socket.destroy(),
  };
}

async function envelopeTo(port: number, recipient: string) {
  const talk = await conversation(port);
  await talk.say('EHLO spec.test\r\n');
  await talk.say('MAIL FROM:<bob@example.com>\r\n');
  await talk.say(`RCPT TO:<${recipient}>\r\n`);
  await talk.say('DATA\r\n');
  return talk;
}

describe('a person who sends to the sandbox with any mail client', () => {
  it('finds her mail in the inbox, taken apart', async () => {
    const { response } = await transport(dev).sendMail({
      ...mail('Ada <ada@x.test>', 'Grüße an alle'),
      html: '<p>It works</p>',
      attachments: [{ filename: 'a.txt', content: 'attached' }],
    });
    expect(response).toMatch(/^250 2\.0\.0 accepted msg_/);

    const { data } = await get('messages?to=ADA@x.test');
    expect(data).toMatchObject([
      {
        object: 'sandbox_message',
        deliveryId: null,
        emailId: null,
        jobId: null,
        from: 'Bob <bob@example.com>',
        to: 'ada@x.test',
        subject: 'Grüße an alle',
        text: 'It works\n',
        html: '<p>It works</p>\n',
        script: null,
        findings: [],
        attachments: [{ filename: 'a.txt', contentType: 'text/plain', sizeBytes: 8 }],
      },
    ]);
    const [message] = data;
    expect(message?.headers).toContainEqual({ name: 'From', value: 'Bob <bob@example.com>' });
    expect(await get(`messages/${message?.id ?? ''}`)).toEqual(message);
  });

  it('reads its source and its attachments', async () => {
    await transport(dev).sendMail({ ...mail('raw@x.test'), attachments: [{ filename: 'a.bin', content: 'bytes' }] });
    const { data } = await get('messages?to=raw@x.test');
    const base = `http://127.0.0.1:${dev.httpPort}/v1/sandbox/messages/${data[0]?.id ?? ''}`;
    const raw = await fetch(`${base}/raw`);
    expect(raw.headers.get('content-type')).toBe('message/rfc822');
    expect(await raw.text()).toContain('Subject: Hello\r\n');
    expect(await (await fetch(`${base}/attachments/0`)).text()).toBe('bytes');
    expect((await fetch(`${base}/attachments/1`)).status).toBe(404);
  });

  it('gets one message for each recipient', async () => {
    await transport(dev).sendMail({ ...mail('one@many.test, two@many.test'), bcc: 'three@many.test' });
    const { data } = await get('messages?from=bob@example.com&fields=envelope&limit=100');
    const to = data.map((message) => message.to).filter((address) => address.endsWith('@many.test'));
    expect(to.toSorted()).toEqual(['one@many.test', 'three@many.test', 'two@many.test']);
  });

  it('is told at once what the server can do', async () => {
    const talk = await conversation(dev.smtpPort);
    const said = await talk.say('EHLO spec.test\r\n');
    for (const word of ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 26214400', 'ENHANCEDSTATUSCODES', 'AUTH PLAIN'])
      expect(said).toContain(word);
    expect(said).not.toContain('STARTTLS');
    talk.end();
  });
});

describe('a copy of ours', () => {
  it('belongs to its delivery, its email and their tenant', async () => {
    const { emailId, deliveryId } = await anEmailTo('ada@acme.test');
    for (const gateway of [dev, keys])
      await transport(gateway).sendMail(mail('ada@acme.test', 'Ours', { 'X-Mailtide-Delivery': deliveryId }));
    const { data } = await get(`messages?emailId=${emailId}`, keys, TEST_KEY);
    expect(data.map((message) => message.deliveryId)).toEqual([deliveryId, deliveryId]);
    expect(await get(`messages?deliveryId=${deliveryId}`)).toMatchObject({ data: [] }); // the tenant `dev` sees nothing of it
    expect(await get(`stats?emailId=${emailId}`, keys, TEST_KEY)).toEqual({
      accepted: 2,
      refused: 0,
      dropped: 0,
      distinctDeliveries: 1,
      duplicates: 1,
    });
  });

  it('belongs to the job of its email, and is found by it', async () => {
    const [jobId, other] = [newId<JobId>(), newId<JobId>()].map((id) => publicId('job', id));
    const { deliveryId } = await anEmailTo('job@acme.test', 'test', parsePublicId('job', jobId ?? ''));
    await transport(dev).sendMail(mail('job@acme.test', 'Of a job', { 'X-Mailtide-Delivery': deliveryId }));
    const { data } = await get(`messages?jobId=${jobId}`, keys, TEST_KEY);
    expect(data).toMatchObject([{ jobId, deliveryId }]);
    expect(await get(`messages/${data[0]?.id ?? ''}`, keys, TEST_KEY)).toMatchObject({ jobId });
    expect(await get(`messages?jobId=${other}`, keys, TEST_KEY)).toMatchObject({ data: [] });
    expect(await get(`wait?jobId=${jobId}&fields=envelope`, keys, TEST_KEY)).toMatchObject({ data: [{ jobId }] });
    expect(await get(`stats?jobId=${jobId}`, keys, TEST_KEY)).toMatchObject({ accepted: 1, distinctDeliveries: 1 });
    expect(await get(`stats?jobId=${other}`, keys, TEST_KEY)).toMatchObject({ accepted: 0 });
  });

  it('of live mail is none', async () => {
    const { deliveryId } = await anEmailTo('live@acme.test', 'live');
    const sending = transport(keys).sendMail(mail('live@acme.test', 'Live', { 'X-Mailtide-Delivery': deliveryId }));
    await expect(sending).rejects.toThrow('550 5.7.1');
  });
});

describe('with keys, the sandbox', () => {
  it('refuses strangers', () => expect(transport(keys).sendMail(mail('ada@x.test'))).rejects.toThrow('550 5.7.1'));

  it('takes clients that log in with a test key', async () => {
    await transport(keys, { user: 'anything', pass: TEST_KEY }).sendMail(mail('login@x.test'));
    expect((await get('messages?to=login@x.test', keys, TEST_KEY)).data).toHaveLength(1);
  });

  it('refuses a live key', async () => {
    const login = transport(keys, { user: 'anything', pass: LIVE_KEY }).sendMail(mail('ada@x.test'));
    await expect(login).rejects.toThrow('535 5.7.8');
    expect(await get('messages', keys, LIVE_KEY)).toMatchObject({ status: 403, code: 'test_key_required' });
  });
});

describe('the script', () => {
  it('+bounce refuses the recipient', () =>
    expect(transport(dev).sendMail(mail('ada+bounce@x.test'))).rejects.toThrow('550 5.1.1'));

  it('+soft refuses the first attempt, +soft.3 the first three', async () => {
    const { emailId, deliveryId } = await anEmailTo('ada+soft.3@acme.test');
    const ours = mail('ada+soft.3@acme.test', 'Soft', { 'X-Mailtide-Delivery': deliveryId });
    for (let attempt = 1; attempt <= 3; attempt += 1)
      await expect(transport(dev).sendMail(ours)).rejects.toThrow('451 4.3.0');
    await transport(dev).sendMail(ours);
    expect(await get(`stats?emailId=${emailId}`, keys, TEST_KEY)).toMatchObject({ accepted: 1, refused: 3 });

    const theirs = { ...mail('ada+soft@x.test'), messageId: '<once@x.test>' };
    await expect(transport(dev).sendMail(theirs)).rejects.toThrow('451 4.3.0');
    await transport(dev).sendMail(theirs);
    const { data } = await get('messages?to=ada%2Bsoft@x.test');
    expect(data).toMatchObject([{ script: 'soft' }]);
  });

  it('+slow waits before it answers, and keeps nobody else waiting', async () => {
    const began = performance.now();
    const answered: string[] = [];
    const send = (to: string) =>
      transport(dev)
        .sendMail(mail(to))
        .then(() => answered.push(to));
    await Promise.all([send('ada+slow.2s@x.test'), send('quick@x.test')]);
    expect(answered).toEqual(['quick@x.test', 'ada+slow.2s@x.test']);
    expect(performance.now() - began).toBeGreaterThan(1_990);
  });

  it('+drop-after-data ends the connection and keeps the message', async () => {
    const sending = transport(dev).sendMail(mail('ada+drop-after-data@x.test'));
    await expect(sending).rejects.not.toHaveProperty('responseCode');
    expect((await get('messages?to=ada%2Bdrop-after-data@x.test')).data).toHaveLength(1);
  });

  it('+drop-after-data.lost ends the connection and forgets the message', async () => {
    const sending = transport(dev).sendMail(mail('ada+drop-after-data.lost@x.test'));
    await expect(sending).rejects.not.toHaveProperty('responseCode');
    expect((await get('messages?to=ada%2Bdrop-after-data.lost@x.test')).data).toEqual([]);
  });

  it('combines in the order of its parts', async () => {
    const { deliveryId } = await anEmailTo('ada+soft+drop-after-data@acme.test');
    const ours = mail('ada+soft+drop-after-data@acme.test', 'Both', { 'X-Mailtide-Delivery': deliveryId });
    await expect(transport(dev).sendMail(ours)).rejects.toThrow('451 4.3.0');
    await expect(transport(dev).sendMail(ours)).rejects.not.toHaveProperty('responseCode');
    expect((await get(`messages?deliveryId=${deliveryId}`, keys, TEST_KEY)).data).toHaveLength(1);
  });
});

describe('a message', () => {
  it('with a bare line feed is refused, and nothing in it is taken for a second one', async () => {
    const talk = await envelopeTo(dev.smtpPort, 'bare@x.test');
    const smuggled =
      'Subject: one\r\n\r\nfirst\n.\nMAIL FROM:<evil@x.test>\nRCPT TO:<smuggled@x.test>\nDATA\nsecond\r\n.\r\n';
    expect(await talk.say(smuggled)).toMatch(/^550 5\.6\.0 .*\r\n$/);
    expect(await talk.say('NOOP\r\n')).toMatch(/^250 /); // one message, one reply
    talk.end();
    expect((await get('messages?to=bare@x.test')).data).toEqual([]);
    expect((await get('messages?to=smuggled@x.test')).data).toEqual([]);
  });

  it('with dots at the begin of lines comes as it was written', async () => {
    const talk = await envelopeTo(dev.smtpPort, 'dots@x.test');
    expect(await talk.say('Subject: dots\r\n\r\n..a\r\n...\r\n..\r\n.\r\n')).toMatch(/^250 2\.0\.0/);
    talk.end();
    expect((await get('messages?to=dots@x.test')).data[0]?.text).toBe('.a\n..\n.\n');
  });

  it('over 25 MiB is refused, announced or not', async () => {
    const big = { ...mail('big@x.test'), text: 'x'.repeat(26_300_000) };
    await expect(transport(dev).sendMail(big)).rejects.toThrow('552 5.3.4');
    const talk = await envelopeTo(dev.smtpPort, 'big@x.test');
    const lines = `${'x'.repeat(998)}\r\n`.repeat(26_300);
    expect(await talk.say(`Subject: big\r\n\r\n${lines}.\r\n`)).toMatch(/^552 5\.3\.4/);
    talk.end();
    expect((await get('messages?to=big@x.test')).data).toEqual([]);
  });

  it('that cannot be read is kept all the same', async () => {
    const talk = await envelopeTo(dev.smtpPort, 'odd@x.test');
    expect(await talk.say('no header at all \0\xff\r\n.\r\n')).toMatch(/^250 2\.0\.0/);
    talk.end();
    expect((await get('messages?to=odd@x.test')).data).toMatchObject([{ subject: null }]);
  });
});

describe('the inbox', () => {
  it('is read page by page, there and back', async () => {
    for (const subject of ['page 1', 'page 2', 'page 3']) await transport(dev).sendMail(mail('page@x.test', subject));
    interface Page {
      data: MessageView[];
      nextCursor: string;
      prevCursor: string;
      hasMore: boolean;
    }
    const list = (rest: string) => get<Page>(`messages?to=page@x.test&fields=envelope&limit=2${rest}`);
    const first = await list('');
    expect(first.data.map(({ subject }) => subject)).toEqual(['page 3', 'page 2']);
    const second = await list(`&after=${first.nextCursor}`);
    expect(second).toMatchObject({ data: [{ subject: 'page 1' }], hasMore: false, nextCursor: null });
    const back = await list(`&before=${second.prevCursor}`);
    expect(back.data.map(({ subject }) => subject)).toEqual(['page 3', 'page 2']);
    expect(await get(`messages?subject=other&after=${first.nextCursor}`)).toMatchObject({ code: 'bad_cursor' });
  });

  it('is filtered by a part of the subject and by time', async () => {
    await transport(dev).sendMail(mail('filter@x.test', 'Order 1042 has left'));
    expect((await get('messages?to=filter@x.test&subject=order%201042')).data).toHaveLength(1);
    expect((await get('messages?to=filter@x.test&since=2099-01-01T00:00:00Z')).data).toEqual([]);
  });

  it.each([
    'messages?jobId=job_1',
    'messages?limit=0',
    'messages?emailId=dl_1',
    'wait?timeoutSeconds=61',
    'messages?since=x',
  ])('refuses %s', async (path) => expect(await get(path)).toMatchObject({ status: 422, code: 'validation_failed' }));

  it('is emptied by a filter', async () => {
    await transport(dev).sendMail(mail('clear@x.test'));
    const url = `http://127.0.0.1:${dev.httpPort}/v1/sandbox/messages?to=clear@x.test`;
    expect(await (await fetch(url, { method: 'DELETE' })).json()).toEqual({ deleted: 1 });
    expect(await (await fetch(url, { method: 'DELETE' })).json()).toEqual({ deleted: 0 });
  });

  it('has no message of that name', async () => {
    expect(await get('messages/msg_1')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await get('messages/msg_01m8rf20g6ekd9jbb81k6sxq3w')).toMatchObject({ code: 'not_found' });
  });
});

describe('waiting for mail', () => {
  it('ends as soon as it is there, also when another replica took it', async () => {
    const { deliveryId } = await anEmailTo('wait@acme.test');
    const began = performance.now();
    const waiting = get(`wait?deliveryId=${deliveryId}&count=2&timeoutSeconds=30`, keys, TEST_KEY);
    for (const gateway of [keys, dev])
      await transport(gateway).sendMail(mail('wait@acme.test', 'Wait', { 'X-Mailtide-Delivery': deliveryId }));
    expect((await waiting).data).toHaveLength(2);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('ends with what there is when the time is over', async () => {
    expect((await get('wait?to=nobody@x.test&timeoutSeconds=1')).data).toEqual([]);
  });
});
