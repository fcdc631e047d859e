import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import PostalMime, { decodeWords } from 'postal-mime';
import { formatMailbox } from '#domain';
import type { MessageAttachment } from './attachment-part.js';
import { type DeliveryHeaders, type MessageParts, prepareMessage } from './prepare-message.js';

const parts: MessageParts = {
  from: 'Ada Lovelace <ada@acme.test>',
  replyTo: [],
  subject: 'It works',
  text: 'It works.\n',
  html: null,
  headers: {},
  attachments: [],
  date: new Date('2026-12-01T09:00:00Z'),
  boundarySeed: '01938f3c-7b00-7000-8000-000000000001',
};
const headers: DeliveryHeaders = {
  deliveryId: 'dl_01m8rf20g6ekd9jbb81k6sxq3w',
  messageId: '<em_01m8rf20g6ekd9jbb81k6sxq3w@acme.test>',
  to: ['bob@example.com'],
  cc: [],
};
const compose = (changes: Partial<MessageParts> = {}, own: Partial<DeliveryHeaders> = {}): Buffer =>
  prepareMessage({ ...parts, ...changes }).forDelivery({ ...headers, ...own });
const parse = (message: Buffer) => PostalMime.parse(message);
const golden = (name: string): string => readFileSync(new URL(`./${name}.golden.eml`, import.meta.url), 'utf8');
/** As a reader shows it: CRLF or LF, and one line end more or less at the end, are no difference. */
const shown = (text: string | undefined): string => (text ?? '').replaceAll(/\r\n|\r/g, '\n').replace(/\n$/, '');

const aFile = (wish: Partial<MessageAttachment>): MessageAttachment => ({
  filename: 'a.txt',
  contentType: 'text/plain',
  contentId: null,
  content: Buffer.from('attached\n'),
  ...wish,
});

const unicode = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
const line = (maxLength: number) =>
  fc
    .oneof(fc.string({ unit: 'grapheme', maxLength }), unicode(maxLength), fc.string({ maxLength }))
    .map((text) => text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ''));
const prose = fc.oneof(
  unicode(2_000),
  fc.string({ maxLength: 2_000 }),
  fc.array(line(300), { maxLength: 20 }).map((lines) => lines.join('\n')),
  fc
    .array(fc.constantFrom('.', '\n', '\r\n', '\r', ' ', '=', 'ä', '--=_x', 'From '), { maxLength: 300 })
    .map((all) => all.join('')),
);

describe('a message', () => {
  it.each([
    ['text', compose()],
    [
      'text-and-html',
      compose(
        {
          from: 'Grüße aus Köln <ada@acme.test>',
          replyTo: ['Support, Acme <help@acme.test>'],
          subject: 'Ihr Entwurf für die Jahresversammlung der Gesellschaft ist fertig: bitte prüfen ✓',
          text: 'Schöne Grüße\n.\n..dots\n',
          html: '<p style="color:red">Schöne Grüße</p>',
        },
        { to: ['Bob <bob@example.com>', 'eve@bücher.example'], cc: ['"O\'Neil, Pat" <pat@example.com>'] },
      ),
    ],
    ['html-only', compose({ text: null, html: '<h1>Hi</h1><p>Look <a href="https://acme.test/x">here</a>.</p>' })],
    [
      'attachments',
      compose({
        html: '<p>It works. <img src="cid:logo"></p>',
        headers: { 'X-Order': '1042', 'List-Id': 'News <news.acme.test>', 'X-Note': 'schöne Grüße' },
        attachments: [
          aFile({ filename: 'logo.png', contentType: 'image/png', contentId: 'logo', content: Buffer.alloc(60, 1) }),
          aFile({ filename: 'Rechnung für März.pdf', contentType: 'application/pdf' }),
          aFile({ filename: 'say "hi".txt', contentType: 'text/plain; charset=utf-8', content: Buffer.alloc(0) }),
        ],
      }),
    ],
    ['text-and-file', compose({ attachments: [aFile({})] })],
    ['chinese', compose({ subject: '你好，世界', text: '你好，世界。这是一封测试邮件。\n' })],
  ])('is written as in %s.golden.eml', (name, message) => {
    expect(message.toString()).toBe(golden(name));
  });

  it('is the same to the byte when it is composed again', () => {
    const html = '<p>Hi</p>';
    expect(compose({ html })).toEqual(compose({ html }));
    expect(compose({ html })).not.toEqual(compose({ html, boundarySeed: 'another' }));
  });

  it('has no Bcc, and names the headers of its copy', async () => {
    const email = await parse(compose({}, { to: ['Bob <bob@example.com>'], cc: ['carol@example.com'] }));
    expect(email).toMatchObject({
      from: { name: 'Ada Lovelace', address: 'ada@acme.test' },
      to: [{ name: 'Bob', address: 'bob@example.com' }],
      cc: [{ name: '', address: 'carol@example.com' }],
      messageId: headers.messageId,
      date: '2026-12-01T09:00:00.000Z',
    });
    expect(email.bcc).toBeUndefined();
    expect(email.headers).toContainEqual(
      expect.objectContaining({ key: 'x-mailtide-delivery', value: headers.deliveryId }),
    );
  });

  it.each([
    ['Subject', { subject: 'Hi\r\nBcc: eve@evil.test' }, {}],
    ['Subject', { subject: 'Hi\u2028Bcc: eve@evil.test' }, {}],
    ['From', { from: 'Ada\nBcc: eve@evil.test <ada@acme.test>' }, {}],
    ['From', { from: 'ada@acme.test, eve@evil.test' }, {}],
    ['Reply-To', { replyTo: ['ada@acme.test\0'] }, {}],
    ['To', {}, { to: ['bob@example.com\r\nBcc: eve@evil.test'] }],
    ['Cc', {}, { cc: ['bob@example.com\rBcc: eve@evil.test'] }],
    ['Message-ID', {}, { messageId: '<a@b>\r\nBcc: eve@evil.test' }],
    ['X-Mailtide-Delivery', {}, { deliveryId: 'dl_1\r\nBcc: eve@evil.test' }],
    ['X-Order', { headers: { 'X-Order': '1\r\nBcc: eve@evil.test' } }, {}],
    ['is no name', { headers: { 'X-A\r\nBcc': 'eve@evil.test' } }, {}],
    ['an attachment', { attachments: [aFile({ filename: 'a\r\nb' })] }, {}],
    ['an attachment', { attachments: [aFile({ contentId: 'a>\r\nBcc: x' })] }, {}],
    ['Date', { date: new Date(Number.NaN) }, {}],
    ['a message needs text or html', { text: null }, {}],
  ])('with a %s that could smuggle something is not composed', (what, changes, own) => {
    expect(() => compose(changes, own)).toThrow(what);
  });

  it('reads back as it was written, whatever the subject, the names and the bodies', async () => {
    const text = fc.option(prose, { nil: null });
    await fc.assert(
      fc.asyncProperty(line(400), line(120), text, prose, async (subject, rawName, plain, html) => {
        const name = rawName.replaceAll(/[<>]/g, '').trim();
        const mailbox = (address: string) => formatMailbox({ name: name === '' ? null : name, address });
        const message = compose(
          { subject, from: mailbox('ada@acme.test'), text: plain ?? '', html },
          { to: [mailbox('bob@example.com'), mailbox('carol@example.com')] },
        );
        const email = await parse(message);
        expect(email.subject ?? '').toBe(subject);
        expect(email.from).toMatchObject({ name, address: 'ada@acme.test' });
        expect(email.to?.map((to) => to.address)).toEqual(['bob@example.com', 'carol@example.com']);
        expect(email.to?.every((to) => to.name === name)).toBe(true);
        expect(shown(email.text)).toBe(shown(plain ?? ''));
        expect(shown(email.html)).toBe(shown(html));
      }),
      { numRuns: 300 },
    );
  });

  it('has only CRLF and no line over 998 octets; headers stay in ASCII', () => {
    fc.assert(
      fc.property(line(998), line(200), prose, fc.boolean(), (subject, rawName, body, isHtml) => {
        const name = rawName.replaceAll(/[<>]/g, '').trim();
        const from = formatMailbox({ name: name === '' ? null : name, address: 'ada@acme.test' });
        const message = compose({ subject, from, text: isHtml ? null : body, html: isHtml ? body : null }).toString(
          'latin1',
        );
        expect(message).not.toMatch(/(^|[^\r])\n|\r([^\n]|$)/);
        expect(message.endsWith('\r\n')).toBe(true);
        expect(Math.max(...message.split('\r\n').map((one) => one.length))).toBeLessThanOrEqual(998);
        expect(message).toMatch(/^[\x20-\x7e\r\n\t]*$/);
      }),
      { numRuns: 500 },
    );
  });

  const file = fc.record({
    filename: line(120).filter((name) => name.trim() === name && name !== ''),
    contentType: fc.constantFrom(
      'application/pdf',
      'text/plain; charset=utf-8',
      'image/png',
      'application/json; profile=x',
    ),
    contentId: fc.option(fc.stringMatching(/^[a-z0-9.@-]{1,40}$/), { nil: null }),
    content: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  });

  it('reads back its attachments as they went in, whatever their names and bytes', async () => {
    const html = fc.option(prose, { nil: null });
    await fc.assert(
      fc.asyncProperty(prose, html, fc.array(file, { maxLength: 5 }), async (text, rich, attachments) => {
        const email = await parse(compose({ text, html: rich, attachments }));
        const isInline = (one: MessageAttachment) => one.contentId !== null && rich !== null;
        const inOrder = [...attachments.filter(isInline), ...attachments.filter((one) => !isInline(one))];
        expect(
          email.attachments.map(({ filename, mimeType, contentId, content }) => ({
            filename,
            mimeType,
            contentId: contentId ?? null,
            content: Buffer.from(content as ArrayBuffer),
          })),
        ).toEqual(
          inOrder.map(({ filename, contentType, contentId, content }) => ({
            filename,
            mimeType: contentType.split(';')[0],
            contentId: contentId === null ? null : `<${contentId}>`,
            content,
          })),
        );
        expect(shown(email.text)).toBe(shown(text));
        expect(shown(email.html)).toBe(shown(rich ?? ''));
      }),
      { numRuns: 300 },
    );
  });

  it('reads back headers that its sender chose', async () => {
    await fc.assert(
      fc.asyncProperty(
        line(500).filter((value) => value.trim() !== ''),
        async (value) => {
          const message = compose({ headers: { 'X-Order': value } });
          const email = await parse(message);
          const header = email.headers.find(({ key }) => key === 'x-order');
          expect(decodeWords(header?.value ?? '')).toBe(value);
          expect(
            Math.max(
              ...message
                .toString('latin1')
                .split('\r\n')
                .map((one) => one.length),
            ),
          ).toBeLessThan(998);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps a long word of a header as it is, and folds between words', () => {
    const ids = Array.from({ length: 20 }, (_, index) => `<${'x'.repeat(60)}${index}@acme.test>`).join(' ');
    const message = compose({ headers: { References: ids, 'X-Token': 'x'.repeat(700) } }).toString('latin1');
    expect(message.replaceAll('\r\n ', ' ')).toContain(`\r\nReferences: ${ids}\r\nX-Token: ${'x'.repeat(700)}\r\n`);
  });

  it('has only CRLF and no line over 998 octets with attachments', () => {
    const content = Buffer.alloc(18 * 1_048_576, 'bytes');
    const bytes = compose({ html: '<p>Hi</p>', attachments: [aFile({ content })] });
    const message = bytes.toString('latin1');
    expect(message.split('\n').every((one) => one === '' || (one.endsWith('\r') && one.length <= 90))).toBe(true);
  });
});
