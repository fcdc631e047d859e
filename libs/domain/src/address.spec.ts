import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitAddresses } from './address-list.js';
import { domainGroup, formatMailbox, parseAddress } from './address.js';

describe('an address', () => {
  it.each([
    ['ada@example.com', null, 'ada@example.com'],
    ['  ada@EXAMPLE.com ', null, 'ada@example.com'],
    ['Ada@example.com', null, 'Ada@example.com'],
    ['Ada <ada@example.com>', 'Ada', 'ada@example.com'],
    ['"Lovelace, Ada" <ada@example.com>', 'Lovelace, Ada', 'ada@example.com'],
    [String.raw`"a \"b\" c" <ada@example.com>`, 'a "b" c', 'ada@example.com'],
    ['<ada@example.com>', null, 'ada@example.com'],
    ['ada+soft.3@sandbox.test', null, 'ada+soft.3@sandbox.test'],
    ['Jörg <jörg@müller.example>', 'Jörg', 'jörg@müller.example'],
    ['用户@例子.广告', null, '用户@例子.广告'],
  ])('%s is read', (text, name, address) => {
    expect(parseAddress(text)).toEqual({ kind: 'ok', mailbox: { name, address, key: address.toLowerCase() } });
  });

  it.each([
    'ada',
    '@example.com',
    'ada@',
    'ada@localhost',
    'ada@example..com',
    'ada@-example.com',
    '.ada@example.com',
    'a..b@example.com',
    'ada@example.com, bob@example.com',
    'a da@example.com',
    'ada@[127.0.0.1]',
    '"ada b"@example.com',
    'ada(x)@example.com',
    'ada@example.123',
    'Ada <ada@example.com',
    'Ada "x <ada@example.com>',
    'Ada <b> <ada@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `${'ü'.repeat(33)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${`${'b'.repeat(60)}.`.repeat(5)}com`,
  ])('%s is refused', (text) => {
    expect(parseAddress(text)).toMatchObject({ kind: 'bad', code: 'bad_address' });
  });

  it.each([
    'a\r\nBcc: x@y.zz <ada@example.com>',
    'ada@example.com\r\n',
    'a\0b@example.com',
    'a\u2028b <ada@example.com>',
    'a\u0085@example.com',
  ])('%j is an injection, never cleaned', (text) =>
    expect(parseAddress(text)).toMatchObject({ kind: 'bad', code: 'injection' }),
  );

  it('never throws, and what it accepts can be written and read again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.emailAddress(),
          fc.string().map((name) => `${name} <a@b.cd>`),
        ),
        (text) => {
          const parsed = parseAddress(text);
          if (parsed.kind === 'ok') expect(parseAddress(formatMailbox(parsed.mailbox))).toEqual(parsed);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is fast on hostile input', () => {
    const began = performance.now();
    for (const text of ['"'.repeat(65_536), '<'.repeat(65_536), `${'a.'.repeat(32_768)}@b.cd`, ' '.repeat(65_536)])
      parseAddress(text);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('belongs to the group of its receiver', () => {
    expect(['a@googlemail.com', 'a@Hotmail.com', 'a@x.test'].map(domainGroup)).toEqual([
      'gmail',
      'microsoft',
      'x.test',
    ]);
  });
});

describe('several addresses in one text', () => {
  it.each([
    ['a@q.test, b@q.test', ['a@q.test', 'b@q.test']],
    [' a@q.test;\tb@q.test ;,', ['a@q.test', 'b@q.test']],
    ['a@q.test\r\nb@q.test, c@q.test\n', ['a@q.test\r\nb@q.test', 'c@q.test\n']],
    ['"Lovelace, Ada" <a@q.test>, B <b@q.test>', ['"Lovelace, Ada" <a@q.test>', 'B <b@q.test>']],
    [String.raw`"a \", b" <a@q.test>; b@q.test`, [String.raw`"a \", b" <a@q.test>`, 'b@q.test']],
    ['<a,b@q.test>,c@q.test', ['<a,b@q.test>', 'c@q.test']],
    ['a@q.test,"open, b@q.test', ['a@q.test', '"open, b@q.test']],
    [' ; ', []],
  ])('%j is parted', (text, entries) => {
    expect(splitAddresses(text)).toEqual(entries);
  });

  it('is what mailboxes make with commas between them', () => {
    const mailbox = fc.record({ name: fc.string({ maxLength: 20 }), address: fc.constantFrom('a@q.test', 'b@q.test') });
    fc.assert(
      fc.property(fc.array(mailbox), (mailboxes) => {
        const written = mailboxes.map(({ name, address }) => formatMailbox({ name: name.trim() || null, address }));
        expect(splitAddresses(written.join(', '))).toEqual(written);
      }),
    );
  });
});
