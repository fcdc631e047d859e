import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { Api, eventually, freePorts, type Mailtide, selfSignedCertificate, startMailtide } from '#testing';

const KEY = `mt_live_${'k'.repeat(43)}`;

/** A server as a provider runs it: STARTTLS, then AUTH, then mail. */
function provider(received: string[]): SMTPServer {
  return new SMTPServer({
    ...selfSignedCertificate(),
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth: ({ username, password }, session, done) =>
      username === 'user@acme' && password === 'p:ss/w@rd' && session.secure
        ? done(null, { user: username })
        : done(new Error('535 5.7.8 Authentication credentials invalid')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push(
          `${session.envelope.rcptTo.map(({ address }) => address).join()}\n${Buffer.concat(chunks).toString()}`,
        );
        done();
      });
    },
  });
}

describe('live mail', () => {
  const received: string[] = [];
  const server = provider(received);
  let mailtide: Mailtide;
  let live: Api;

  beforeAll(async () => {
    const [port] = await freePorts(1);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const url = `smtp://user%40acme:p%3Ass%2Fw%40rd@127.0.0.1:${port}?tls=required&verify=off`;
    mailtide = await startMailtide({ env: { SMTP_URL: url, BOOTSTRAP_KEY: KEY, AUTH_MODE: 'keys' } });
    live = new Api(mailtide.apiUrl, { authorization: `Bearer ${KEY}` });
  }, 90_000);
  afterAll(async () => {
    await mailtide.stop();
    await new Promise<void>((resolve) => server.close(resolve));
  }, 60_000);

  it('goes to the server of SMTP_URL, encrypted and authenticated, and nobody without a key gets in', async () => {
    expect((await mailtide.api.get('/v1/emails')).status).toBe(401);
    const created = await live.post<{ id: string; mode: string; deliveries: { id: string }[] }>('/v1/emails', {
      from: 'Ada <ada@acme.test>',
      to: 'bob@real.test',
      subject: 'Zahlung über 10 €',
      text: 'Grüße',
    });
    expect(created).toMatchObject({ status: 202, body: { mode: 'live' } });
    await eventually(async () => {
      const { body } = await live.get<{ status: string }>(`/v1/emails/${created.body.id}`);
      expect(body.status).toBe('sent');
    }, 20_000);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatch(/^bob@real\.test\n/);
    expect(received[0]).toContain(`X-Mailtide-Delivery: ${created.body.deliveries[0]?.id}`);
  });
});
