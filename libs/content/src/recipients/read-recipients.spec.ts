import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ReadOptions, readRecipients, type RecipientRow, type RecipientType } from './read-recipients.js';
import { UploadRefused } from './upload-refused.js';

const bytes = (text: string) => Buffer.from(text, 'utf8');

/** An upload as a network brings it: in pieces that know no rows. */
async function* inPieces(content: Buffer, size: number, end?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
  if (end) throw end;
}

interface Wish extends Partial<ReadOptions> {
  readonly piece?: number;
  readonly end?: Error;
}

async function read(type: RecipientType, content: string | Buffer, wish: Wish = {}): Promise<RecipientRow[]> {
  const { piece = 7, end, needs = [], batch = 3 } = wish;
  const rows: RecipientRow[] = [];
  const source = inPieces(typeof content === 'string' ? bytes(content) : content, piece, end);
  for await (const some of readRecipients(type, source, { needs, batch })) rows.push(...some);
  return rows;
}
const csv = (content: string | Buffer, wish?: Wish) => read('text/csv', content, wish);
const ndjson = (content: string | Buffer, wish?: Wish) => read('application/x-ndjson', content, wish);

async function refusalOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof UploadRefused ? `${error.code}: ${error.detail}` : `not refused: ${String(error)}`;
}

describe('a CSV of recipients', () => {
  it('has an address, a name, a time zone, and data of its own', async () => {
    const rows = await csv(
      'to,name,timeZone,plan,city\r\nAda@Example.COM,Ada L.,europe/berlin,pro,"Berlin, Mitte"\r\nbob@example.com,,,,\r\n',
    );
    expect(rows).toEqual([
      {
        kind: 'recipient',
        row: 1,
        key: 'ada@example.com',
        mailbox: '"Ada L." <Ada@example.com>',
        address: 'Ada@example.com',
        name: 'Ada L.',
        timeZone: 'Europe/Berlin',
        hasBadTimeZone: false,
        data: { plan: 'pro', city: 'Berlin, Mitte' },
      },
      {
        kind: 'recipient',
        row: 2,
        key: 'bob@example.com',
        mailbox: 'bob@example.com',
        address: 'bob@example.com',
        name: null,
        timeZone: null,
        hasBadTimeZone: false,
        data: { plan: '', city: '' },
      },
    ]);
  });

  it('may begin with a byte order mark, call the column email, hold quotes and line ends, and lack the last line end', async () => {
    const rows = await csv('\ufeff"email","note"\n"a@b.test","he said ""hi""\r\nand left"\nc@d.test,5" pipe');
    expect(rows).toMatchObject([
      { address: 'a@b.test', data: { note: 'he said "hi"\r\nand left' } },
      { address: 'c@d.test', data: { note: '5" pipe' } },
    ]);
  });

  it('may have line ends of any kind, one beside the other', async () => {
    const both = [
      { address: 'a@u.test', data: { note: 'x' } },
      { address: 'b@u.test', data: { note: 'y\rz' } },
    ];
    for (const text of ['to,note\ra@u.test,x\rb@u.test,"y\rz"\r', 'to,note\r\na@u.test,x\rb@u.test,"y\rz"\n'])
      expect(await csv(text)).toMatchObject(both);
  });

  it('takes a name from the address where no column has one', async () => {
    expect(await csv('to\nAda <ada@b.test>\n')).toMatchObject([{ name: 'Ada', address: 'ada@b.test' }]);
  });

  it('reads the same, however it comes in pieces', async () => {
    const text =
      '\ufeffto,name,x\r\na@b.test,"Ä ""x"", y",1\n\r\n"c@d.test",,"multi\nline"\r\nbad,,\nfew\n"e@f.test",,\rg@h.test,,"x"\r\r\r\n';
    const whole = await csv(text, { piece: 1_000 });
    expect(whole.map(({ row }) => row)).toEqual([1, 3, 4, 5, 6, 7]);
    for (let piece = 1; piece < 40; piece += 1) expect(await csv(text, { piece })).toEqual(whole);
  });

  it.each([
    ['an address that is none', 'nobody,,,', 'bad_address'],
    ['no address', ',x,,', 'required'],
    ['a cell too few', 'a@b.test,x', 'bad_format'],
    ['a cell too many', 'a@b.test,x,,,', 'bad_format'],
    ['NUL', 'a\0@b.test,,,', 'injection'],
    ['NUL in its data', 'a@b.test,,,x\0', 'injection'],
    ['a line end in its name', 'a@b.test,"x\ny",,', 'injection'],
    ['a name that is too long', `a@b.test,${'x'.repeat(201)},,`, 'too_long'],
    ['data that are too large', `a@b.test,,,${'x'.repeat(16_400)}`, 'too_long'],
    ['more than a row may have', `a@b.test,,,${'x'.repeat(70_000)}`, 'too_long'],
  ])('tells of a row with %s, and goes on', async (_, row, code) => {
    const rows = await csv(`to,name,timeZone,x\n${row}\nok@b.test,,,\n`, { piece: 5_000 });
    expect(rows).toMatchObject([
      { kind: 'rejected', row: 1, code },
      { kind: 'recipient', row: 2, address: 'ok@b.test' },
    ]);
    expect(rows[0]?.kind === 'rejected' && rows[0].value.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(rows)).not.toContain(String.raw`\u0000`);
  });

  it('leaves it to the next in the chain where a time zone is none', async () => {
    const rows = await csv('to,timeZone\na@b.test,Mars/Olympus\nb@b.test,+01:00\nc@b.test, europe/rome \n');
    expect(rows).toMatchObject([
      { timeZone: null, hasBadTimeZone: true },
      { timeZone: null, hasBadTimeZone: true },
      { timeZone: 'Europe/Rome', hasBadTimeZone: false },
    ]);
  });

  it('tells of a row that lacks what the content needs', async () => {
    const rows = await csv('to,name\na@b.test,Ada\nb@b.test,\n', { needs: ['name', 'email'] });
    expect(rows).toMatchObject([{ kind: 'recipient' }, { kind: 'rejected', row: 2, code: 'missing_variable' }]);
    expect(await csv('to\na@b.test\n', { needs: ['plan'] })).toMatchObject([{ code: 'missing_variable' }]);
  });

  it('leaves out blank lines, which count as rows', async () => {
    expect((await csv('to\n\na@b.test\n \r\nb@b.test\n\n')).map(({ row }) => row)).toEqual([2, 4]);
  });

  it.each([
    ['no column for the address', 'name,mail\nx,a@b.test\n', /^required: .*`to` or `email`/],
    ['two of them', 'to,email\na@b.test,\n', /^conflict/],
    ['a column without a name', 'to,,x\na@b.test,,\n', /^bad_format: column 2/],
    ['two columns of one name', 'to,x,x\na@b.test,,\n', /^conflict.*"x"/],
    ['another sign between its cells', 'to;name\na@b.test;x\n', /^required: .*commas/],
    ['nothing at all', '', /^required: the upload is empty/],
    ['no row behind the header', 'to,name\r\n', /^required: there is no row/],
    ['blank ones only', 'to\n\n \n', /^required: there is no row/],
    ['a header that never ends', `to,${'x'.repeat(70_000)}\n`, /^too_long/],
    ['an open quote at its end', 'to,x\na@b.test,"cut o', /^bad_format: row 2.*never ends/],
    ['text behind a quote', 'to,x\na@b.test,"Ada" L\n', /^bad_format: row 2/],
  ])('is refused as a whole for %s', async (_, text, words) => {
    expect(await refusalOf(csv(text, { piece: 50_000 }))).toMatch(words);
  });

  it('is refused when it is not UTF-8', async () => {
    expect(await refusalOf(csv(Buffer.from('to,name\na@b.test,J\xf6rg\n', 'latin1')))).toMatch(/not UTF-8/);
    expect(await refusalOf(csv(Buffer.from('\ufeffto\na@b.test\n', 'utf16le')))).toMatch(/not UTF-8/);
  });

  it('throws what cut it off, after whatever it gave out', async () => {
    await expect(csv('to\na@b.test\n', { end: new Error('aborted') })).rejects.toThrow('aborted');
  });

  it('has rows where a CSV writer ended them', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', '\r', ' ', 'ä', '😀', "'"),
      maxLength: 12,
    });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\r\n', '\n', '\r'),
        fc.integer({ min: 1, max: 30 }),
        async (cells, end, piece) => {
          const lines = cells.map(([x, y]) => `a@b.test,${quoted(x)},${quoted(y)}${end}`);
          const rows = await csv(`to,x,y${end}${lines.join('')}`, { piece });
          expect(rows.map((row) => row.kind === 'recipient' && row.data)).toEqual(cells.map(([x, y]) => ({ x, y })));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never throws anything but its refusal, whatever it is', async () => {
    const shards = fc.constantFrom('"', ',', '\n', '\r', 'to', 'email', 'a@b.test', '\ufeff', '\0', ' ', 'x');
    await fc.assert(
      fc.asyncProperty(fc.array(shards, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), async (pieces, piece) => {
        await csv(`to,x\n${pieces.join('')}`, { piece }).catch((error: unknown) => {
          if (!(error instanceof UploadRefused)) throw error;
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('lines of JSON', () => {
  it('are an address, or an object', async () => {
    const rows = await ndjson(
      '"ada@b.test"\n{"to":"Bob <bob@b.test>","timeZone":"UTC","data":{"n":1,"user":{"x":[1]}}}\r\n\n{"to":"c@b.test","name":null,"data":{}}\n{"email":"d@b.test"}',
    );
    expect(rows).toMatchObject([
      { row: 1, address: 'ada@b.test', data: null },
      { row: 2, name: 'Bob', timeZone: 'UTC', data: { n: 1, user: { x: [1] } } },
      { row: 4, address: 'c@b.test', name: null, data: null },
      { row: 5, address: 'd@b.test' },
    ]);
  });

  it.each([
    ['{"to":1}', 'bad_type'],
    ['[1]', 'bad_type'],
    ['7', 'bad_type'],
    ['null', 'bad_type'],
    ['{"name":"x"}', 'required'],
    ['{"to":"a@b.test","cc":"x"}', 'unknown_field'],
    ['{"to":"a@b.test","name":7}', 'bad_type'],
    ['{"to":"a@b.test","data":[]}', 'bad_type'],
    ['{"to":"a@b.test","timeZone":1}', 'bad_type'],
    ['{"to":"a@b.test","email":"b@b.test"}', 'conflict'],
    ['{"to":"a@b.test","name":"x\\nBcc: y"}', 'injection'],
    ['{"to":"a@b.test","data":{"x":"\\u0000"}}', 'injection'],
    ['{"to":"a@b.test","data":{"x":"\\ud800"}}', 'bad_format'],
    ['{"to":"a@b.test","data":{"x":1e999}}', 'out_of_range'],
    [`{"to":"a@b.test","data":{"x":${'['.repeat(200)}${']'.repeat(200)}}}`, 'too_long'],
    [`{"to":"a@b.test","data":{${Array.from({ length: 101 }, (_, i) => `"k${i}":1`).join()}}}`, 'too_many'],
    [`"${'x'.repeat(70_000)}"`, 'too_long'],
    ['not json', 'bad_format'],
    ['"nobody"', 'bad_address'],
  ])('that no one can be mailed by are told: %s', async (line, code) => {
    expect(await ndjson(`${line}\n"ok@b.test"\n`, { piece: 10_000 })).toMatchObject([
      { kind: 'rejected', row: 1, code },
      { kind: 'recipient', row: 2 },
    ]);
  });

  it('have what the content needs, as deep as that is', async () => {
    const rows = await ndjson(
      '{"to":"a@b.test","data":{"user":{"name":"x"}}}\n{"to":"b@b.test","data":{"user":{}}}\n{"to":"c@b.test","data":{"user":null}}\n',
      { needs: ['user.name'] },
    );
    expect(rows.map((row) => (row.kind === 'rejected' ? row.code : 'ok'))).toEqual(['ok', 'missing_variable', 'ok']);
  });

  it('are refused as a whole when the last one is cut off', async () => {
    expect(await refusalOf(ndjson('"a@b.test"\n{"to":"b@b.te'))).toMatch(/cut off/);
    expect(await refusalOf(ndjson(Buffer.concat([bytes('"a@b.test"\n"'), Buffer.from([0xc3])])))).toMatch(/not UTF-8/);
  });

  it('keep what is called like a prototype as data, and nothing else', async () => {
    const [row] = await ndjson('{"to":"a@b.test","data":{"__proto__":{"polluted":1}}}\n');
    expect(JSON.stringify(row)).toContain('"__proto__":{"polluted":1}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('come in smaller batches where they are long', async () => {
    const lines = bytes(`not@an@address${'x'.repeat(60_000)}\n`.repeat(40));
    const sizes: number[] = [];
    const source = inPieces(lines, 65_536);
    for await (const some of readRecipients('application/x-ndjson', source, { needs: [], batch: 2_000 }))
      sizes.push(some.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
  });

  it('come in batches', async () => {
    const sizes: number[] = [];
    const source = inPieces(bytes('"a@b.test"\n'.repeat(10)), 100);
    for await (const some of readRecipients('application/x-ndjson', source, { needs: [], batch: 4 }))
      sizes.push(some.length);
    expect(sizes).toEqual([4, 4, 2]);
  });
});
