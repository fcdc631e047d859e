import { describe, expect, it } from '@jest/globals';
import { publicId } from '#domain';
import { MessageRenderer } from './render-message.js';
import { aDelivery } from './testing/claimed-delivery.js';

const header = (message: Buffer, name: string) =>
  new RegExp(`^${name}: (.*)\r$`, 'm').exec(message.toString('utf8').replaceAll(/\r\n[ \t]+/g, ' '))?.[1];

describe('what is rendered', () => {
  it('of a shared email shows everybody in To and Cc, and one Message-ID over all copies and attempts', () => {
    const renderer = new MessageRenderer();
    const shared = { to: ['a@example.com', 'b@example.com'], cc: ['c@example.com'] };
    const one = aDelivery(shared);
    const other = aDelivery({ ...shared, emailId: one.emailId, attempt: 3, epoch: 9 });
    const [first, second] = [renderer.render(one), renderer.render(other)];
    expect(header(first, 'To')).toBe('a@example.com, b@example.com');
    expect(header(first, 'Cc')).toBe('c@example.com');
    expect(header(first, 'Message-ID')).toBe(`<${publicId('email', one.emailId)}@acme.test>`);
    expect(header(second, 'Message-ID')).toBe(header(first, 'Message-ID'));
    expect(header(first, 'X-Mailtide-Delivery')).toBe(publicId('delivery', one.id));
    expect(first.toString()).not.toMatch(/^bcc/im);
  });

  it('of private copies shows only its own recipient', () => {
    const delivery = aDelivery({
      visibility: 'individual',
      to: ['a@example.com', 'b@example.com'],
      mailbox: 'b@example.com',
    });
    const message = new MessageRenderer().render(delivery);
    expect(header(message, 'To')).toBe('b@example.com');
    expect(header(message, 'Message-ID')).toBe(`<${publicId('delivery', delivery.id)}@acme.test>`);
    expect(message.toString()).not.toContain('a@example.com');
  });

  it('after an edit is the new content', () => {
    const renderer = new MessageRenderer();
    const delivery = aDelivery({ subject: 'Old' });
    renderer.render(delivery);
    const edited = renderer.render({ ...delivery, subject: 'New', contentVersion: 2 });
    expect(header(edited, 'Subject')).toBe('New');
  });

  it('of one tenant is never that of another', () => {
    const renderer = new MessageRenderer();
    for (let index = 0; index < 500; index += 1) {
      const subject = `email ${index}`;
      expect(header(renderer.render(aDelivery({ subject })), 'Subject')).toBe(subject);
    }
  });
});
