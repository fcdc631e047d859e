import { describe, expect, it } from '@jest/globals';
import { publicId } from '#domain';
import type { ClaimedDelivery } from '#storage';
import { AttachmentsAway, MessageRenderer } from './render-message.js';
import { aDelivery } from './testing/claimed-delivery.js';

const header = (message: Buffer, name: string) =>
  new RegExp(`^${name}: (.*)\r$`, 'm').exec(message.toString('utf8').replaceAll(/\r\n[ \t]+/g, ' '))?.[1];

const anAttachment = { filename: 'a.bin', contentType: 'application/octet-stream', contentId: null, sizeBytes: 5 };
const aRenderer = () => new MessageRenderer(async () => []);
async function rendered(renderer: MessageRenderer, delivery: ClaimedDelivery): Promise<Buffer> {
  const message = await renderer.render(delivery);
  if (!message) throw new Error('nothing was rendered');
  return message;
}

describe('what is rendered', () => {
  it('of a shared email shows everybody in To and Cc, and one Message-ID over all copies and attempts', async () => {
    const renderer = aRenderer();
    const shared = { to: ['a@example.com', 'b@example.com'], cc: ['c@example.com'] };
    const one = aDelivery(shared);
    const other = aDelivery({ ...shared, emailId: one.emailId, attempt: 3, epoch: 9 });
    const [first, second] = [await rendered(renderer, one), await rendered(renderer, other)];
    expect(header(first, 'To')).toBe('a@example.com, b@example.com');
    expect(header(first, 'Cc')).toBe('c@example.com');
    expect(header(first, 'Message-ID')).toBe(`<${publicId('email', one.emailId)}@acme.test>`);
    expect(header(second, 'Message-ID')).toBe(header(first, 'Message-ID'));
    expect(header(first, 'X-Mailtide-Delivery')).toBe(publicId('delivery', one.id));
    expect(first.toString()).not.toMatch(/^bcc/im);
  });

  it('of private copies shows only its own recipient', async () => {
    const delivery = aDelivery({
      visibility: 'individual',
      to: ['a@example.com', 'b@example.com'],
      mailbox: 'b@example.com',
    });
    const message = await rendered(aRenderer(), delivery);
    expect(header(message, 'To')).toBe('b@example.com');
    expect(header(message, 'Message-ID')).toBe(`<${publicId('delivery', delivery.id)}@acme.test>`);
    expect(message.toString()).not.toContain('a@example.com');
  });

  it('after an edit is the new content', async () => {
    const renderer = aRenderer();
    const delivery = aDelivery({ subject: 'Old' });
    await rendered(renderer, delivery);
    const edited = await rendered(renderer, { ...delivery, subject: 'New', contentVersion: 2 });
    expect(header(edited, 'Subject')).toBe('New');
  });

  it('of one tenant is never that of another', async () => {
    const renderer = aRenderer();
    for (let index = 0; index < 500; index += 1) {
      const subject = `email ${index}`;
      expect(header(await rendered(renderer, aDelivery({ subject })), 'Subject')).toBe(subject);
    }
  });

  it('loads attachments once for all copies of an email, also when they come at once', async () => {
    let loads = 0;
    const renderer = new MessageRenderer(async () => {
      loads += 1;
      return [Buffer.from('bytes')];
    });
    const one = aDelivery({ attachments: [anAttachment] });
    const copies = Array.from({ length: 50 }, () => aDelivery({ ...one, id: aDelivery().id }));
    const messages = await Promise.all(copies.map((copy) => rendered(renderer, copy)));
    expect(loads).toBe(1);
    expect(messages.every((message) => message.includes(Buffer.from('bytes').toString('base64')))).toBe(true);
  });

  it('is nothing when the email was edited while its attachments were loaded', async () => {
    const renderer = new MessageRenderer(async () => undefined);
    expect(await renderer.render(aDelivery({ attachments: [anAttachment] }))).toBeUndefined();
  });

  it('is tried again when its attachments were out of reach', async () => {
    let isUp = false;
    const renderer = new MessageRenderer(async () => {
      if (!isUp) throw new Error('connection refused');
      return [Buffer.from('bytes')];
    });
    const delivery = aDelivery({ attachments: [anAttachment] });
    await expect(renderer.render(delivery)).rejects.toThrow(AttachmentsAway);
    isUp = true;
    await expect(rendered(renderer, delivery)).resolves.toBeInstanceOf(Buffer);
  });

  it('fails for an email whose bytes are gone', async () => {
    const renderer = new MessageRenderer(async () => []);
    await expect(renderer.render(aDelivery({ attachments: [anAttachment] }))).rejects.toThrow('missing');
  });
});
