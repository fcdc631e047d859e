import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Email, Mailtide as Client } from '#client';
import { type Mailtide, startMailtide } from '#testing';
import { mailtideCommand } from './mailtide-command.js';
import { withoutSockets } from './without-sockets.js';

const MAIL = { to: 'ada@example.com', subject: 'Hi', text: 'It works' };
const SCHEDULE = ['schedule', '--to', MAIL.to, '--subject', MAIL.subject, '--text', MAIL.text];
const LATER = '2099-01-05T09:00:00+01:00';
const NOBODY = 'http://127.0.0.1:1';

let mailtide: Mailtide;
let run: ReturnType<typeof mailtideCommand>;

beforeAll(async () => {
  mailtide = await startMailtide();
  run = mailtideCommand(mailtide);
}, 90_000);
afterAll(() => mailtide.stop(), 60_000);

/** Runs a command that works, and gives its one result. */
async function result<Value = Email>(...args: string[]): Promise<Value> {
  const { status, values, err } = await run(args);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(values).toHaveLength(1);
  return values[0] as Value;
}

/** Runs a command that does not work; its status and the code of its problem. */
async function refusal(args: string[], env?: Record<string, string>): Promise<[number | null, unknown]> {
  const { status, out, err } = await run(args, env);
  expect(out).toBe('');
  return [status, (JSON.parse(err) as { code: string }).code];
}

describe('from a terminal', () => {
  it('an email is scheduled, found, explained, edited, paused, resumed and cancelled', async () => {
    const { id } = await result(...SCHEDULE, '--at', LATER, '--tag', 'kind=report', '--owner', 'ada');
    expect(await result('get', id)).toMatchObject({ id, status: 'scheduled', scheduledAt: '2099-01-05T08:00:00.000Z' });
    expect(await result('ls', '--status', 'scheduled', '--tag', 'kind:report', '--owner', 'ada')).toMatchObject([
      { id },
    ]);
    expect(await result('explain', id)).toMatchObject([{ waitingFor: [{ reason: 'not_due' }] }]);
    expect(await result('edit', id, '--subject', 'Hello')).toMatchObject({ subject: 'Hello', version: 2 });
    expect(await result('pause', id)).toMatchObject({ status: 'paused' });
    expect(await result('resume', id)).toMatchObject({ status: 'scheduled' });
    expect(await result('cancel', id, '--wait', '5')).toMatchObject({ cancellation: { cancelled: 1 } });
    const timeline = await result<{ type: string }[]>('timeline', id);
    expect(timeline.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['email.created', 'email.paused', 'email.resumed', 'email.cancelled']),
    );
  });

  it('an email is sent now, and watched until it has come to its end', async () => {
    const { id } = await result(...SCHEDULE, '--at', LATER);
    const watching = run(['watch', id, '--timeout', '40']);
    await result('send-now', id);
    const { status, values, err } = await watching;
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(values.at(-1)).toMatchObject({ id, status: 'sent' });
    const [delivery] = (await result('get', id)).deliveries ?? [];
    expect(await result('get', delivery?.id ?? '')).toMatchObject({ status: 'sent', reply: { code: 250 } });
  });

  it('the same key makes one email, however often the command is run', async () => {
    const first = await result(...SCHEDULE, '--idempotency-key', 'once');
    expect(await result(...SCHEDULE, '--idempotency-key', 'once')).toEqual(first);
  });

  it('one sees where it is and what waits, as JSON, a table and for a shell', async () => {
    const { apiUrl, gatewayUrl } = mailtide;
    const facts = { url: apiUrl, gatewayUrl, tenant: 'dev', mode: 'test', authMode: 'dev' };
    expect(await result('status')).toMatchObject(facts);
    expect(await result('status', '-o', 'json')).toMatchObject(facts);
    expect((await run(['status', '-o', 'env'])).out).toBe(
      `MAILTIDE_URL='${apiUrl}'\nMAILTIDE_GATEWAY_URL='${gatewayUrl}'\n`,
    );
    expect((await run(['status', '-o', 'table'])).out).toMatch(/^WHAT +IS\nurl +http/);
  });

  it('the doctor finds nothing where all is well, and the gateway that is away', async () => {
    const well = await run(['doctor']);
    expect(well.values).toEqual([
      ['API', 'gateway', 'key', 'queue', 'clock'].map((check) => expect.objectContaining({ check, ok: true })),
    ]);
    expect(well.status).toBe(0);
    const ill = await run(['doctor', '--gateway-url', NOBODY]);
    expect((ill.values[0] as { check: string; ok: boolean }[]).filter(({ ok }) => !ok)).toMatchObject([
      { check: 'gateway' },
    ]);
    expect(ill.status).toBe(1);
  });

  it('the first key of a tenant is made in the database, calls with it, and is revoked', async () => {
    const create = ['keys', 'create', '--tenant', 'acme', '--mode', 'test', '--scopes', 'admin'];
    const { status, values } = await run(create, { DATABASE_URL: mailtide.databaseUrl });
    expect(status).toBe(0);
    const [{ id, secret }] = values as [{ id: string; secret: string }];
    const withKey = { MAILTIDE_KEY: secret };
    expect((await run(['status'], withKey)).values).toMatchObject([{ tenant: 'acme' }]);
    expect((await run(['keys', 'ls'], withKey)).values).toMatchObject([[{ id, scopes: ['admin'] }]]);
    expect((await run(['keys', 'revoke', id], withKey)).values).toEqual([{ id, revoked: true }]);
    expect(await refusal(['keys', 'create', '--tenant', 'acme', '--scopes', 'everything'])).toEqual([2, 'usage']);
  });

  it('the exit status and the problem on standard error say what went wrong', async () => {
    const { id } = await result(...SCHEDULE, '--at', LATER);
    expect(await refusal([...SCHEDULE, '--at', 'tomorrow'])).toEqual([1, 'validation_failed']);
    expect(await refusal(['ls', '--url', NOBODY])).toEqual([1, 'unreachable']);
    expect(await refusal(['ls', '--what'])).toEqual([2, 'usage']);
    expect(await refusal(['keys'])).toEqual([2, 'usage']);
    expect(await refusal(['ls'], { MAILTIDE_KEY: 'mt_test_wrong' })).toEqual([3, 'unauthorized']);
    expect(await refusal(['get', 'em_00000000000000000000000000'])).toEqual([4, 'not_found']);
    expect(await refusal(['watch', 'em_00000000000000000000000000'])).toEqual([4, 'not_found']);
    expect(await refusal(['keys', 'create', '--tenant', 'acme'], { DATABASE_URL: '' })).toEqual([78, 'configuration']);
    const waited = await run(['watch', id, '--timeout', '1']);
    expect([waited.status, JSON.parse(waited.err)]).toMatchObject([5, { code: 'timeout' }]);
  });
});

describe('from a program', () => {
  const client = (gatewayUrl = mailtide.gatewayUrl, asked: string[] = []) =>
    new Client({
      url: mailtide.apiUrl,
      gatewayUrl,
      fetch: (input, init) => {
        asked.push(new URL(input instanceof Request ? input.url : input).pathname);
        return fetch(input, init);
      },
    });
  const soon = () => new Date(Date.now() + 4_000).toISOString();

  async function watched(mail: Client): Promise<string | undefined> {
    const { id } = await mail.emails.create({ ...MAIL, scheduledAt: soon() });
    let last: string | undefined;
    for await (const { status } of mail.emails.watch(id)) last = status;
    return last;
  }

  it('an email is watched over a socket, and read when it has changed only', async () => {
    const asked: string[] = [];
    expect(await watched(client(undefined, asked))).toBe('sent');
    expect(asked).not.toContain('/v1/stream');
    expect(asked.length).toBeLessThanOrEqual(5); // asking every second would be more
  });

  it('an email is watched over server-sent events where no socket gets through', async () => {
    const proxy = await withoutSockets(mailtide.gatewayUrl);
    expect(await watched(client(proxy.url))).toBe('sent');
    expect(proxy.asked.filter((path) => path.startsWith('/v1/stream'))).toHaveLength(1);
    proxy.stop();
  });

  it('an email is watched by asking where there is no gateway', async () => {
    expect(await watched(client(NOBODY))).toBe('sent');
  });

  it('the same key makes one email', async () => {
    const mail = client();
    const [one, other] = await Promise.all(
      [1, 2].map(() => mail.emails.create({ ...MAIL, scheduledAt: LATER }, { idempotencyKey: 'twice' })),
    );
    expect(one?.id).toBe(other?.id);
  });

  it('a list turns its pages by itself', async () => {
    const mail = client();
    const emails = Array.from({ length: 7 }, () => ({ ...MAIL, scheduledAt: LATER, ownerId: 'pages' }));
    await mail.emails.createBatch({ emails });
    const ids = new Set<string>();
    for await (const { id } of mail.emails.list({ ownerId: 'pages', limit: 3 })) ids.add(id);
    expect(ids.size).toBe(7);
  });

  it('what happens is heard for as long as somebody listens', async () => {
    const mail = client();
    const heard: string[] = [];
    for await (const update of mail.listen('tenant')) {
      if (update.kind === 'snapshot') await mail.emails.create(MAIL);
      else heard.push(update.event.type);
      // They come by two topics of Kafka, and order holds within one only.
      if (heard.includes('delivery.sent') && heard.includes('email.created')) break;
    }
    expect(heard).toEqual(expect.arrayContaining(['email.created', 'delivery.sent']));
  });
});
