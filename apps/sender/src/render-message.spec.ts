import { describe, expect, it } from '@jest/globals';
import { publicId } from '#domain';
import type { ClaimedDelivery } from '#storage';
import { RenderBudget } from './render-budget.js';
import { AttachmentsAway, MessageRenderer, SlowRendering } from './render-message.js';
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

describe('what is rendered for each recipient', () => {
  const aCopy = (wish: Partial<ClaimedDelivery>) =>
    aDelivery({
      render: 'liquid',
      hasOwnData: true,
      visibility: 'individual',
      class: 'bulk',
      to: [],
      mailbox: 'Ada Lovelace <ada@example.com>',
      subject: 'Hi {{ name }}, you have {{ points }}',
      text: '{{ email }}',
      ...wish,
    });

  it('shows its own data, address and name', async () => {
    const renderer = aRenderer();
    const ada = aCopy({ recipientName: 'Ada', data: { points: 3 } });
    const bob = aCopy({
      ...ada,
      id: aDelivery().id,
      address: 'bob@example.com',
      mailbox: 'bob@example.com',
      recipientName: null,
      data: { points: 4, name: 'Robert' },
    });
    const [first, second] = [await rendered(renderer, ada), await rendered(renderer, bob)];
    expect(header(first, 'Subject')).toBe('Hi Ada, you have 3');
    expect(header(first, 'To')).toBe('Ada Lovelace <ada@example.com>');
    expect(header(first, 'Message-ID')).toBe(`<${publicId('delivery', ada.id)}@acme.test>`);
    expect(first.toString()).toContain('ada@example.com');
    expect(header(second, 'Subject')).toBe('Hi Robert, you have 4');
    expect(header(second, 'Message-ID')).not.toBe(header(first, 'Message-ID'));
    expect(second.toString()).toContain('bob@example.com');
  });

  it('fails alone when something of its own is missing', async () => {
    const renderer = aRenderer();
    const bad = aCopy({ recipientName: 'Ada', data: null });
    const good = aCopy({ ...bad, id: aDelivery().id, data: { points: 3 } });
    const ends = await Promise.allSettled([rendered(renderer, bad), rendered(renderer, good)]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await expect(rendered(renderer, bad)).rejects.toThrow('subject: there is no points (line 1, column 28)');
  });

  it('waits when copies of its email take too long, and no other email does', async () => {
    let cpuMs = 0;
    const budget = new RenderBudget(
      () => 0,
      () => (cpuMs += 600),
    );
    const renderer = new MessageRenderer(async () => [], budget);
    const slow = aCopy({ recipientName: 'Ada', data: { points: 3 } });
    await rendered(renderer, slow); // it is read and written
    await expect(renderer.render({ ...slow, id: aDelivery().id })).rejects.toMatchObject({ restSeconds: 10 });
    await expect(renderer.render({ ...slow, id: aDelivery().id })).rejects.toThrow(SlowRendering);
    await rendered(renderer, aDelivery({ render: 'liquid', subject: 'Hi' }));
    await rendered(renderer, aDelivery({ emailId: slow.emailId, contentVersion: 2 }));
  });

  it('cannot forge a header', async () => {
    const data = { points: '3\r\nBcc: eve@example.com' };
    await expect(rendered(aRenderer(), aCopy({ recipientName: 'Ada', data }))).rejects.toThrow('control character');
  });

  it('carries the same files', async () => {
    const renderer = new MessageRenderer(async () => [Buffer.from('bytes')]);
    const copy = aCopy({ recipientName: 'Ada', data: { points: 3 }, attachments: [anAttachment] });
    for (const message of [await rendered(renderer, copy), await rendered(renderer, { ...copy, id: aDelivery().id })])
      expect(message.toString()).toContain(Buffer.from('bytes').toString('base64'));
  });

  it('is one content for all copies of a single email', async () => {
    const single = aDelivery({ render: 'liquid', subject: 'Hi {{ name }}', data: { name: 'Ada' } });
    expect(header(await rendered(aRenderer(), single), 'Subject')).toBe('Hi Ada');
    await expect(rendered(aRenderer(), aDelivery({ ...single, data: null }))).rejects.toThrow('there is no name');
  });
});
