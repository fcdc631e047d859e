import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { Api, eventually, freePorts, type Mailtide, selfSignedCertificate, startMailtide } from '#testing';

const KEY = `mt_live_${'o'.repeat(43)}`;

interface Delivery {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly possibleDuplicate: boolean;
  readonly holdUntil: string | null;
  readonly reason: string | null;
  readonly reply: { readonly code: number; readonly enhanced: string | null } | null;
  readonly attempts: readonly { readonly outcome: string; readonly phase: string }[];
}

describe('what a server answers decides what becomes of a delivery', () => {
  let mailtide: Mailtide;
  /** A provider that knows us, or does not. */
  let knowsUs = false;
  let logins = 0;
  const provider = new SMTPServer({
    ...selfSignedCertificate(),
    authMethods: ['PLAIN'],
    onAuth: ({ username }, _session, done) => {
      logins += 1;
      if (knowsUs) done(null, { user: username });
      else done(new Error('535 5.7.8 Authentication credentials invalid'));
    },
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on('end', done);
    },
  });

  beforeAll(async () => {
    const [port] = await freePorts(1);
    await new Promise<void>((resolve) => provider.listen(port, '127.0.0.1', resolve));
    const url = `smtp://ada:secret@127.0.0.1:${port}?tls=required&verify=off`;
    mailtide = await startMailtide({ env: { SMTP_URL: url, BOOTSTRAP_KEY: KEY } });
  }, 90_000);
  afterAll(async () => {
    await mailtide.stop();
    await new Promise<void>((resolve) => provider.close(resolve));
  }, 60_000);

  const send = async (to: string, more: object = {}): Promise<string> => {
    const answer = await mailtide.api.post<{ deliveries: { id: string }[] }>('/v1/emails', {
      to,
      subject: 'Outcome',
      text: 'x',
      ...more,
    });
    expect(answer.status).toBe(202);
    return answer.body.deliveries[0]?.id ?? '';
  };
  const delivery = async (id: string): Promise<Delivery> =>
    (await mailtide.api.get<Delivery>(`/v1/deliveries/${id}`)).body;
  const reaches = (id: string, expected: object) =>
    eventually(async () => expect(await delivery(id)).toMatchObject(expected), 25_000);
  const arrived = async (deliveryId: string) => (await mailtide.inbox.messages({ deliveryId })).length;

  it('a refused recipient fails at once, with the reply', async () => {
    const id = await send('ada+bounce@x.test');
    await reaches(id, {
      status: 'failed',
      reason: 'bad_recipient',
      reply: { code: 550, enhanced: '5.1.1' },
      attempt: 1,
    });
    expect(await arrived(id)).toBe(0);
  });

  it('a recipient that does not exist is suppressed: the next copy for it is not even tried', async () => {
    const to = 'gone+bounce@x.test';
    const first = await send(to);
    await reaches(first, { status: 'failed', reason: 'bad_recipient' });
    const path = `/v1/suppressions/${encodeURIComponent(to)}`;
    expect((await mailtide.api.get(path)).body).toMatchObject({ source: 'hard_bounce', deliveryId: first });
    const second = await send(to);
    await reaches(second, { status: 'suppressed', reason: 'recipient_suppressed', attempt: 0, attempts: [] });
    expect((await mailtide.api.call('DELETE', path)).status).toBe(204);
  });

  it('a provider that refuses our login is left alone, costs no attempt, and gets its mail when it is well', async () => {
    const live = new Api(mailtide.apiUrl, { authorization: `Bearer ${KEY}` });
    const wish = { from: 'Ada <ada@acme.test>', subject: 'Live', text: 'x' };
    const created = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        live.post<{ deliveries: [{ id: string }] }>('/v1/emails', { ...wish, to: `${name}@real.test` }),
      ),
    );
    const ids = created.map(({ body }) => body.deliveries[0].id);
    const all = () => Promise.all(ids.map(async (id) => (await live.get<Delivery>(`/v1/deliveries/${id}`)).body));
    await eventually(() => expect(logins).toBeGreaterThan(1), 20_000);
    expect(await all()).toEqual(ids.map(() => expect.objectContaining({ attempt: 0, reason: null })));
    knowsUs = true;
    await eventually(async () => {
      expect(await all()).toEqual(ids.map(() => expect.objectContaining({ status: 'sent', attempt: 1 })));
    }, 25_000);
  });

  it('a temporary refusal is tried again until it is accepted, once', async () => {
    const id = await send('ada+soft.2@x.test');
    await reaches(id, { status: 'sent', attempt: 3, possibleDuplicate: false });
    expect((await delivery(id)).attempts.map(({ outcome }) => outcome)).toEqual(['temporary', 'temporary', 'accepted']);
    expect(await arrived(id)).toBe(1);
  });

  it('a time budget that is spent ends it as failed', async () => {
    const id = await send('ada+soft.50@x.test', { retryForSeconds: 1 });
    await reaches(id, { status: 'failed', reason: 'time_budget_spent', reply: { code: 451 } });
    const timeline = await mailtide.api.get<{ data: { type: string }[] }>(`/v1/deliveries/${id}/events`);
    expect(timeline.body.data.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['delivery.failed', 'dead_letter.added']),
    );
  });

  it('a slow server is waited for, and others are not held up by it', async () => {
    const slow = await send('ada+slow.3s@x.test');
    const quick = await send('bob@x.test');
    await reaches(quick, { status: 'sent' });
    expect((await delivery(slow)).status).toBe('sending');
    await reaches(slow, { status: 'sent' });
  });

  it('a lost answer is held, then sent once more and marked, where mail must arrive', async () => {
    const id = await send('ada+drop-after-data@x.test');
    await reaches(id, { status: 'sending', holdUntil: expect.any(String) });
    await reaches(id, { status: 'unknown', possibleDuplicate: true, reason: 'ambiguous', attempt: 2 });
    expect((await delivery(id)).attempts.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
    expect(await arrived(id)).toBe(2); // the script drops every time; both are on record
    const timeline = await mailtide.api.get<{ data: { type: string }[] }>(`/v1/deliveries/${id}/events`);
    expect(timeline.body.data.map(({ type }) => type)).toEqual([
      'delivery.queued',
      'delivery.armed',
      'delivery.ambiguous',
      'delivery.retrying',
      'delivery.queued',
      'delivery.armed',
      'delivery.ambiguous',
      'delivery.unknown',
    ]);
    expect((await mailtide.inbox.stats()).duplicates).toBe(1);
  });

  it('a lost answer stays unknown where mail must not come twice', async () => {
    const id = await send('ada+drop-after-data@x.test', { class: 'otp' });
    await reaches(id, { status: 'unknown', possibleDuplicate: false, reason: 'ambiguous', attempt: 1 });
    expect(await arrived(id)).toBe(1);
  });
});
