import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Mailtide, startMailtide } from '#testing';

interface Email {
  readonly id: string;
  readonly attachments: readonly object[];
}
interface Message {
  readonly headers: readonly (readonly [string, string])[];
  readonly attachments: readonly object[];
}

const MIB = 1_048_576;

describe('an email with everything', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide();
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  it('arrives with its attachments byte for byte and its headers, and shows each recipient only itself', async () => {
    const big = randomBytes(5 * MIB);
    const logo = randomBytes(300);
    const created = await mailtide.api.post<Email>('/v1/emails', {
      to: ['ada@example.com', 'bob@example.com'],
      visibility: 'individual',
      subject: 'Your invoice',
      html: '<p>Hi <img src="cid:logo"></p>',
      headers: { 'X-Order': '1042' },
      tags: { team: 'billing' },
      attachments: [
        { filename: 'Rechnung März.pdf', contentType: 'application/pdf', content: big.toString('base64') },
        { filename: 'logo.png', contentType: 'image/png', content: logo.toString('base64'), contentId: 'logo' },
      ],
    });
    expect(created.status).toBe(202);
    expect(created.body.attachments).toEqual([
      { filename: 'Rechnung März.pdf', contentType: 'application/pdf', contentId: null, sizeBytes: 5 * MIB },
      { filename: 'logo.png', contentType: 'image/png', contentId: 'logo', sizeBytes: 300 },
    ]);

    const messages = await mailtide.inbox.wait({ emailId: created.body.id }, 2);
    expect(messages.map(({ to }) => to).toSorted()).toEqual(['ada@example.com', 'bob@example.com']);
    for (const { id, to } of messages) {
      const { body } = await mailtide.gateway.get<Message>(`/v1/sandbox/messages/${id}`);
      expect(body.attachments).toEqual([
        expect.objectContaining({ filename: 'logo.png', contentId: 'logo', sizeBytes: 300 }),
        expect.objectContaining({ filename: 'Rechnung März.pdf', sizeBytes: 5 * MIB }),
      ]);
      const raw = await (await fetch(`${mailtide.gatewayUrl}/v1/sandbox/messages/${id}/raw`)).text();
      expect(raw).toContain('\r\nX-Order: 1042\r\n');
      expect(raw).toContain(`\r\nTo: ${to}\r\n`);
      const attachment = await fetch(`${mailtide.gatewayUrl}/v1/sandbox/messages/${id}/attachments/1`);
      expect(Buffer.from(await attachment.arrayBuffer()).equals(big)).toBe(true);
    }

    const listed = await mailtide.api.get<{ data: Email[] }>('/v1/emails?tag=team:billing&to=bob@example.com');
    expect(listed.body.data.map(({ id }) => id)).toEqual([created.body.id]);
  });
});
