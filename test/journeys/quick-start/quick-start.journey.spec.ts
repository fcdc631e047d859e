import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type Mailtide, startMailtide } from '#testing';

interface Email {
  readonly id: string;
  readonly status: string;
  readonly deliveries: readonly { readonly id: string; readonly status: string }[];
}

describe('an email goes all the way', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide();
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  it('from the request of the README to the inbox, while a subscriber is told and the timeline remembers', async () => {
    const realtime = await mailtide.realtime({ query: { topics: 'tenant' } });
    const created = await mailtide.api.post<Email>('/v1/emails', {
      to: 'ada@example.com',
      subject: 'Hi',
      text: 'It works',
    });
    expect(created.status).toBe(202);
    expect(created.headers.get('location')).toBe(`/v1/emails/${created.body.id}`);

    const [message] = await mailtide.inbox.wait({ emailId: created.body.id });
    expect(message).toMatchObject({
      to: 'ada@example.com',
      subject: 'Hi',
      deliveryId: created.body.deliveries[0]?.id,
      text: expect.stringContaining('It works'),
    });
    await eventually(() => expect(realtime.events.map(({ type }) => type)).toContain('delivery.sent'), 10_000);
    expect(realtime.events.find(({ type }) => type === 'delivery.sent')).toMatchObject({
      topic: 'tenant',
      data: { emailId: created.body.id, status: 'sent', reply: { code: 250 }, possibleDuplicate: false },
    });
    realtime.close();

    const sent = await mailtide.api.get<Email>(`/v1/emails/${created.body.id}`);
    expect(sent.body.status).toBe('sent');
    const timeline = await mailtide.api.get<{ data: { type: string }[] }>(
      `/v1/deliveries/${created.body.deliveries[0]?.id}/events`,
    );
    expect(timeline.body.data.map(({ type }) => type)).toEqual(['delivery.queued', 'delivery.armed', 'delivery.sent']);
  });

  it('at its time: not a millisecond early', async () => {
    const dueAt = Date.now() + 2_500;
    const { body } = await mailtide.api.post<Email>('/v1/emails', {
      to: ['ada@example.com', 'bob@example.com'],
      subject: 'Later',
      html: '<p>It <b>works</b></p>',
      scheduledAt: new Date(dueAt).toISOString(),
    });
    const messages = await mailtide.inbox.wait({ emailId: body.id }, 2);
    expect(messages.map(({ to }) => to).toSorted()).toEqual(['ada@example.com', 'bob@example.com']);
    for (const { receivedAt } of messages) expect(Date.parse(receivedAt)).toBeGreaterThanOrEqual(dueAt);
    expect(messages[0]?.text).toContain('It works');
  });

  it('and a subscriber to the email gets its state first, then every change', async () => {
    const { body } = await mailtide.api.post<Email>('/v1/emails', {
      to: 'ada@example.com',
      subject: 'Watched',
      text: 'x',
      scheduledAt: new Date(Date.now() + 1_500).toISOString(),
    });
    const realtime = await mailtide.realtime();
    const ack = await realtime.subscribe(`email:${body.id}`);
    expect(ack).toMatchObject({ ok: true, cursor: expect.stringMatching(/^c_/), snapshot: { id: body.id } });
    await eventually(() => expect(realtime.events.map(({ type }) => type)).toContain('delivery.sent'), 15_000);
    realtime.close();

    const again = await mailtide.realtime();
    const replay = await again.subscribe<{ ok: boolean; replayed: number }>(`email:${body.id}`, ack.cursor);
    expect(replay).toMatchObject({ ok: true, snapshot: null });
    await eventually(() => expect(again.events.map(({ type }) => type)).toContain('delivery.sent'), 10_000);
    again.close();
  });
});
