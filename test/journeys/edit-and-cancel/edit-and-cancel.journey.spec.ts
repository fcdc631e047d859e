import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type Mailtide, startMailtide } from '#testing';

interface Email {
  readonly id: string;
  readonly status: string;
  readonly subject: string;
  readonly deliveries: readonly { readonly id: string; readonly to: string; readonly status: string }[];
}

describe('an email can be changed until it is armed', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide();
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
  const schedule = async (body: object): Promise<Email> =>
    (await mailtide.api.post<Email>('/v1/emails', { to: 'ada@x.test', subject: 'First', text: 'x', ...body })).body;

  it('a confirmed cancel is kept: nothing is ever sent', async () => {
    const emails = await Promise.all(
      Array.from({ length: 40 }, (_, i) => schedule({ scheduledAt: inMs(1_000 + i * 10) })),
    );
    const answers = await Promise.all(emails.map(({ id }) => mailtide.api.post(`/v1/emails/${id}/cancel`)));
    const marker = await schedule({ to: 'last@x.test', scheduledAt: inMs(1_500) });
    await mailtide.inbox.wait({ emailId: marker.id });
    for (const [index, { id }] of emails.entries()) {
      if (answers[index]?.status === 200) expect(await mailtide.inbox.messages({ emailId: id })).toEqual([]);
      else expect(answers[index]?.body).toMatchObject({ status: 409 });
    }
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  });

  it('cancels that race with the gate answer the truth', async () => {
    const due = Date.now() + 1_000;
    const emails = await Promise.all(
      Array.from({ length: 200 }, () => schedule({ scheduledAt: new Date(due).toISOString() })),
    );
    await eventually(() => expect(Date.now()).toBeGreaterThanOrEqual(due - 20), 5_000);
    const answers = await Promise.all(
      emails.map(async ({ id }) => ({ id, answer: await mailtide.api.post(`/v1/emails/${id}/cancel?wait=10`) })),
    );
    await eventually(async () => {
      for (const { id } of emails) {
        const { body } = await mailtide.api.get<Email>(`/v1/emails/${id}`);
        expect(['sent', 'cancelled']).toContain(body.status);
      }
    }, 20_000);
    for (const { id, answer } of answers) {
      const copies = await mailtide.inbox.messages({ emailId: id });
      expect({ id, copies: copies.length }).toEqual({ id, copies: answer.status === 200 ? 0 : 1 });
    }
  });

  it('a copy that may have arrived never ends as cancelled', async () => {
    const email = await schedule({ to: ['a+slow.1s+drop-after-data@x.test', 'b+soft.9@x.test'] });
    const statusOf = (body: Email, to: string) =>
      body.deliveries[email.deliveries.findIndex((copy) => copy.to.startsWith(to))]?.status;
    await eventually(async () => {
      const { body } = await mailtide.api.get<Email>(`/v1/emails/${email.id}`);
      expect([statusOf(body, 'a'), statusOf(body, 'b')]).toEqual(['sending', 'scheduled']);
    }, 10_000);
    const cancel = await mailtide.api.post(`/v1/emails/${email.id}/cancel`);
    expect(cancel).toMatchObject({ status: 200, body: { cancellation: { cancelled: 1, inFlight: 1, final: false } } });
    await eventually(async () => {
      const { body } = await mailtide.api.get<Email>(`/v1/emails/${email.id}`);
      expect([statusOf(body, 'a'), statusOf(body, 'b')]).toEqual(['unknown', 'cancelled']);
    }, 10_000);
    const events = await mailtide.api.get<{ data: { type: string; data: object }[] }>(`/v1/emails/${email.id}/events`);
    const ends = events.body.data.filter(({ type }) => type === 'email.cancelled');
    expect(ends.map(({ data }) => data)).toMatchObject([{ final: false }, { final: true, cancelled: 1, inFlight: 0 }]);
    expect(await mailtide.inbox.messages({ emailId: email.id })).toHaveLength(1);
  });

  it('an edit binds, whether it was scheduled or already claimed', async () => {
    const scheduled = await schedule({ scheduledAt: inMs(60_000) });
    const claimed = await schedule({ scheduledAt: inMs(900) }); // within the look-ahead of the poller
    await eventually(async () => {
      const { body } = await mailtide.api.get<Email>(`/v1/emails/${claimed.id}`);
      expect(body.status).not.toBe('scheduled');
    }, 5_000);
    const edit = await mailtide.api.call<Email>('PATCH', `/v1/emails/${claimed.id}`, { subject: 'Second' });
    if (edit.status === 200) {
      const [message] = await mailtide.inbox.wait({ emailId: claimed.id });
      expect(message?.subject).toBe('Second');
    } else expect(edit.body).toMatchObject({ status: 409 });

    const moved = await mailtide.api.call<Email>('PATCH', `/v1/emails/${scheduled.id}`, {
      subject: 'Third',
      scheduledAt: inMs(300),
      to: ['bob@x.test'],
    });
    expect(moved).toMatchObject({ status: 200, body: { to: ['bob@x.test'] } });
    const messages = await mailtide.inbox.wait({ emailId: scheduled.id });
    expect(messages).toMatchObject([{ subject: 'Third', to: 'bob@x.test' }]);
  });

  it('is too late afterwards, and says so', async () => {
    const slow = await schedule({ to: 'ada+slow.2s@x.test' });
    await eventually(async () => {
      expect((await mailtide.api.get<Email>(`/v1/emails/${slow.id}`)).body.status).toBe('sending');
    }, 10_000);
    const cancel = await mailtide.api.post(`/v1/emails/${slow.id}/cancel`);
    expect(cancel).toMatchObject({ status: 409, body: { code: 'in_flight', current: { status: 'sending' } } });
    const waited = await mailtide.api.post(`/v1/emails/${slow.id}/cancel?wait=10`);
    expect(waited).toMatchObject({ status: 409, body: { code: 'already_sent' } });
    const edit = await mailtide.api.call('PATCH', `/v1/emails/${slow.id}`, { subject: 'Too late' });
    expect(edit).toMatchObject({ status: 409, body: { code: 'already_sent' } });
  });
});
