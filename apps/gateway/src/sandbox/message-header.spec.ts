import { describe, expect, it } from '@jest/globals';
import { publicId } from '#domain';
import { readHeader } from './message-header.js';

const header = (...lines: string[]) => readHeader(Buffer.from([...lines, '', 'Subject: in the body'].join('\r\n')));

describe('the header of an arrived message', () => {
  it('names the delivery', () => {
    const { deliveryId } = header('x-mailtide-delivery: dl_01m8rf20g6ekd9jbb81k6sxq3w');
    expect(deliveryId && publicId('delivery', deliveryId)).toBe('dl_01m8rf20g6ekd9jbb81k6sxq3w');
  });

  it('is nobody’s delivery when the id is none of ours', () => {
    expect(header('X-Mailtide-Delivery: em_01m8rf20g6ekd9jbb81k6sxq3w').deliveryId).toBeNull();
  });

  it('decodes and unfolds the subject', () => {
    expect(header('Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?q?_an_Ada?=').subject).toBe('Grüße an Ada');
    expect(header('Subject: a very\r\n long one').subject).toBe('a very long one');
  });

  it('tells the sender’s mailbox and its bare address', () => {
    expect(header('From: "Ada, L." <Ada@Example.com>')).toMatchObject({
      fromMailbox: '"Ada, L." <Ada@Example.com>',
      fromKey: 'ada@example.com',
    });
  });

  it('takes the first of several, and nothing from the body', () => {
    expect(header('Subject: one', 'Subject: two').subject).toBe('one');
    expect(header('From: a@x.test').subject).toBeNull();
  });

  it('has no NUL', () => expect(header('Subject: a\0b').subject).toBe('a\uFFFDb'));
});
