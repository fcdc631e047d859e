import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';

/** Nothing that anybody sends may end in a 5xx, and every refusal says where and why (interface 2.1). */

const VALID = { to: 'ada@example.com', subject: 'Hi', text: 'It works', scheduledAt: '2090-01-05T09:00:00Z' };
const NOBODY = 'em_01m8rf20g6ekd9jbb81k6sxq3w';
const MIB = 1_048_576;
const HALF = '\ud800';
const people = (count: number) => Array.from({ length: count }, (_, index) => `u${index}@example.com`);
const invalid = (...errors: string[]) => ({ status: 422, code: 'validation_failed', errors });
const refused = (status: number, code: string) => ({ status, code, errors: [] });
const longer = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes) });
const named = (control: string) => `Ada${control} <ada@example.com>`;
const MAC_BYTES = 12;
/** A cursor with a signature that was made for another one. */
const forged = (parts: unknown, signed = '') =>
  Buffer.concat([Buffer.from(signed, 'base64url').subarray(0, MAC_BYTES), Buffer.from(JSON.stringify(parts))]).toString(
    'base64url',
  );
const parts = (cursor: string) =>
  JSON.parse(Buffer.from(cursor, 'base64url').subarray(MAC_BYTES).toString()) as string[];
/** Merges what is wrong into a body that is right; undefined takes a field out. */
const body = (wrong: object) => JSON.stringify({ ...VALID, ...wrong });

const ATTACHED = { filename: 'a.txt', contentType: 'text/plain', content: 'aGk=' };
const attached = (wrong: object) => ({ attachments: [{ ...ATTACHED, ...wrong }] });
const names = (count: number, prefix: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'x']));

let scheduler: RunningScheduler;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  api = new Api(scheduler.url);
});
afterAll(() => scheduler.stop());

const post = (text: string | Uint8Array<ArrayBuffer>, path = '/v1/emails', type = 'application/json') =>
  api.raw('POST', path, { body: text, headers: { 'content-type': type } });

describe('a body that cannot be read', () => {
  it.each([
    ['no JSON', '{"to":'],
    ['text behind the JSON', '{} {}'],
    ['nothing', ''],
    ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['an overlong UTF-8 sequence', new Uint8Array([0x22, 0xc0, 0x80, 0x22])],
    ['a lone byte order mark', new Uint8Array([0xef, 0xbb, 0xbf])],
    ['a field twice', '{"to":"ada@example.com","subject":"a","subject":"b","text":"c"}'],
    [
      'a field twice, one of them escaped',
      String.raw`{"to":"ada@example.com","subject":"a","subjec\u0074":"b","text":"c"}`,
    ],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['a hundred thousand levels', '['.repeat(100_000)],
  ])('%s is 400 bad_json', async (_what, text) => {
    expect(problemOf(await post(text))).toEqual(refused(400, 'bad_json'));
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'nonsense',
  ])('as %s is 415', async (type) => {
    expect(problemOf(await post(body({}), '/v1/emails', type))).toEqual(refused(415, 'unsupported_media_type'));
    expect(problemOf(await post('x=1', '/schedule', type))).toEqual(refused(415, 'unsupported_media_type'));
  });

  it('over 25 MiB is 413 where emails go, over 1 MiB everywhere else', async () => {
    expect(problemOf(await post(longer(25 * MIB)))).toEqual(refused(413, 'too_large'));
    expect(problemOf(await post(longer(MIB), '/schedule'))).toEqual(refused(413, 'too_large'));
    expect(problemOf(await post(longer(MIB), `/v1/emails/${NOBODY}/cancel`))).toEqual(refused(413, 'too_large'));
    expect(problemOf(await post(longer(MIB)))).toMatchObject({ status: 422 });
  });
});

describe('a body that is not an email', () => {
  it.each<[string, string, string[]]>([
    ['null', 'null', [' bad_type']],
    ['a list', '[]', [' bad_type']],
    ['a text', '"to"', [' bad_type']],
    ['an empty object', '{}', ['/to required', '/subject required']],
    ['an unknown field', body({ cat: 1 }), ['/cat unknown_field']],
    ['a field whose name needs escaping', body({ 'a/b~c': 1 }), ['/a~1b~0c unknown_field']],
    [
      '__proto__',
      `{"to":"ada@example.com","subject":"Hi","text":"x","__proto__":{"admin":true}}`,
      ['/__proto__ unknown_field'],
    ],
    ['constructor', body({ constructor: { prototype: {} } }), ['/constructor unknown_field']],
    ['toString', body({ toString: 1 }), ['/toString unknown_field']],
    ['a field of a later release', body({ tracking: {} }), ['/tracking unknown_field']],
  ])('%s', async (_what, text, errors) => {
    expect(problemOf(await post(text))).toEqual(invalid(...errors));
  });

  it.each<[string, object, string[]]>([
    ['a number', { subject: 5 }, ['/subject bad_type']],
    ['null', { text: null }, ['/text bad_type']],
    ['a list', { html: ['x'] }, ['/html bad_type']],
    ['an object as address', { to: { address: 'ada@example.com' } }, ['/to bad_type']],
    ['a number among addresses', { to: ['ada@example.com', 5] }, ['/to/1 bad_type']],
    ['a list as sender', { from: ['ada@example.com'] }, ['/from bad_type']],
    ['a number as time', { scheduledAt: 1_800_000_000 }, ['/scheduledAt bad_type']],
    ['a text as boolean', { allowPast: 'true' }, ['/allowPast bad_type']],
    ['a text as number', { retryForSeconds: '60' }, ['/retryForSeconds bad_type']],
    ['half a second', { retryForSeconds: 0.5 }, ['/retryForSeconds bad_type']],
    ['a negative time', { retryForSeconds: -1 }, ['/retryForSeconds out_of_range']],
    ['too long a time', { retryForSeconds: 432_001 }, ['/retryForSeconds out_of_range']],
    ['an unknown class', { class: 'Bulk' }, ['/class unknown_value']],
    ['an unknown policy', { onUnknown: 'never' }, ['/onUnknown unknown_value']],
    ['an unknown visibility', { visibility: 1 }, ['/visibility unknown_value']],
    ['a number as owner', { ownerId: 1 }, ['/ownerId bad_type']],
    ['one attachment without a list', { attachments: ATTACHED }, ['/attachments bad_type']],
    ['a list of headers', { headers: [] }, ['/headers bad_type']],
    ['a number as header', { headers: { 'X-Order': 1042 } }, ['/headers/X-Order bad_type']],
    ['a number as tag', { tags: { order: 1042 } }, ['/tags/order bad_type']],
    ['a text as grace', { graceSeconds: '60' }, ['/graceSeconds bad_type']],
    ['more than a month of grace', { graceSeconds: 2_678_401 }, ['/graceSeconds out_of_range']],
    ['an unknown fate', { onMissed: 'drop' }, ['/onMissed unknown_value']],
    ['a number as correlation', { correlationKey: 7 }, ['/correlationKey bad_type']],
  ])('with %s of the wrong type', async (_what, wrong, errors) => {
    expect(problemOf(await post(body(wrong)))).toEqual(invalid(...errors));
  });

  it.each<[string, object, string[]]>([
    ['from a file', attached({ path: '/etc/passwd', content: undefined }), ['/attachments/0/path attachment_source']],
    ['from a page', attached({ href: 'http://169.254.169.254/' }), ['/attachments/0/href attachment_source']],
    ['of an unknown field', attached({ encoding: 'base64' }), ['/attachments/0/encoding unknown_field']],
    ['without a name', attached({ filename: undefined }), ['/attachments/0/filename required']],
    ['without bytes', attached({ content: undefined }), ['/attachments/0/content required']],
    ['of no base64', attached({ content: 'not base64' }), ['/attachments/0/content bad_base64']],
    ['of base64 for URLs', attached({ content: 'QQ-_' }), ['/attachments/0/content bad_base64']],
    ['of base64 in lines', attached({ content: 'QUFB\nQUFB' }), ['/attachments/0/content bad_base64']],
    ['of base64 without its padding', attached({ content: 'QQ' }), ['/attachments/0/content bad_base64']],
    ['of no media type', attached({ contentType: 'pdf' }), ['/attachments/0/contentType bad_format']],
    ['that is a message', attached({ contentType: 'message/rfc822' }), ['/attachments/0/contentType bad_format']],
    ['with a second name', attached({ contentType: 'a/b; name=x' }), ['/attachments/0/contentType bad_format']],
    ['whose type injects', attached({ contentType: 'a/b\r\nBcc: x' }), ['/attachments/0/contentType injection']],
    ['whose id injects', attached({ contentId: 'a>\r\nBcc: x' }), ['/attachments/0/contentId injection']],
    ['whose id cannot be one', attached({ contentId: 'a b' }), ['/attachments/0/contentId bad_format']],
    ...['\r', '\n', '\0', '\u0085', '\u2028'].map((control): [string, object, string[]] => [
      `whose name holds ${JSON.stringify(control)}`,
      attached({ filename: `a${control}.txt` }),
      ['/attachments/0/filename injection'],
    ]),
    ['with a name too long', attached({ filename: 'x'.repeat(256) }), ['/attachments/0/filename too_long']],
    ['that are too many', { attachments: Array.from({ length: 21 }, () => ATTACHED) }, ['/attachments too_many']],
    [
      'that have one id',
      { attachments: [1, 2].map(() => ({ ...ATTACHED, contentId: 'logo' })) },
      ['/attachments/1/contentId conflict'],
    ],
    ['over 18 MiB', attached({ content: Buffer.alloc(18 * MIB + 1).toString('base64') }), ['/attachments too_long']],
  ])('with attachments %s', async (_what, wrong, errors) => {
    expect(problemOf(await post(body(wrong)))).toEqual(invalid(...errors));
  });

  it.each<[string, object, string[]]>([
    ...[
      'Bcc',
      'Received',
      'Return-Path',
      'DKIM-Signature',
      'Sender',
      'Content-Type',
      'MIME-Version',
      'To',
      'X-',
      '',
    ].map((name): [string, object, string[]] => [name, { [name]: 'x' }, [`/headers/${name} forbidden_header`]]),
    ['X-Mailtide-Delivery', { 'x-mailtide-delivery': 'x' }, ['/headers/x-mailtide-delivery forbidden_header']],
    ['a name with a colon', { 'X-A: b': 'x' }, ['/headers/X-A: b forbidden_header']],
    ['a name that injects', { 'X-A\r\nBcc': 'x' }, ['/headers/X-A\r\nBcc injection']],
    ...['\r', '\n', '\0', '\u0085', '\u2029'].map((control): [string, object, string[]] => [
      `a value with ${JSON.stringify(control)}`,
      { 'X-A': `a${control}b` },
      ['/headers/X-A injection'],
    ]),
    ['half a character', { 'X-A': HALF }, ['/headers/X-A bad_format']],
    ['nothing', { 'X-A': ' ' }, ['/headers/X-A too_short']],
    ['too long a value', { 'X-A': 'x '.repeat(1_001) }, ['/headers/X-A too_long']],
    ['no message id', { 'In-Reply-To': 'yesterday' }, ['/headers/In-Reply-To bad_format']],
    ['a word that is not ASCII', { Precedence: 'größer' }, ['/headers/Precedence bad_format']],
    ['one name twice', { 'X-A': '1', 'x-a': '2' }, ['/headers/x-a conflict']],
    ['too many', names(21, 'X-A'), ['/headers too_many']],
  ])('with headers: %s', async (_what, headers, errors) => {
    expect(problemOf(await post(body({ headers })))).toEqual(invalid(...errors));
  });

  it.each<[string, object, string[]]>([
    ['a capital', { A: 'x' }, ['/tags/A bad_format']],
    ['too long a name', { ['a'.repeat(41)]: 'x' }, [`/tags/${'a'.repeat(41)} bad_format`]],
    ['too long a value', { a: 'x'.repeat(201) }, ['/tags/a too_long']],
    ['a line end', { a: 'x\n' }, ['/tags/a injection']],
    ['too many', names(11, 'a'), ['/tags too_many']],
  ])('with tags: %s', async (_what, tags, errors) => {
    expect(problemOf(await post(body({ tags })))).toEqual(invalid(...errors));
  });

  it('with a tag or a header named __proto__', async () => {
    const text = `{"to":"a@x.test","subject":"a","text":"b","tags":{"__proto__":"x"},"headers":{"__proto__":"x"}}`;
    expect(problemOf(await post(text))).toEqual(
      invalid('/headers/__proto__ unknown_field', '/tags/__proto__ unknown_field'),
    );
  });

  it.each([
    ['before it is due', { expiresAt: '2090-01-05T08:59:59Z' }],
    ['when it is due', { expiresAt: VALID.scheduledAt }],
    ['before now', { scheduledAt: undefined, expiresAt: '2020-01-01T00:00:00Z' }],
  ])('that expires %s', async (_what, wrong) => {
    expect(problemOf(await post(body(wrong)))).toEqual(invalid('/expiresAt out_of_range'));
  });

  it.each<[string, object, string[]]>([
    ['without a zone', { scheduledAt: '2090-01-05T09:00:00' }, ['/scheduledAt time_without_zone']],
    ['past', { scheduledAt: '2020-01-05T09:00:00Z' }, ['/scheduledAt in_past']],
    ['unreadable', { scheduledAt: 'tomorrow' }, ['/scheduledAt bad_time']],
    ['empty', { scheduledAt: '' }, ['/scheduledAt bad_time']],
    ['on the 30th of February', { scheduledAt: '2090-02-30T09:00:00Z' }, ['/scheduledAt bad_time']],
    ['in a 25th hour', { scheduledAt: '2090-02-03T25:00:00Z' }, ['/scheduledAt bad_time']],
    ['behind 2099', { scheduledAt: '2100-01-01T00:00:00Z' }, ['/scheduledAt out_of_range']],
    ['in year 10000', { scheduledAt: '10000-01-01T00:00:00Z' }, ['/scheduledAt bad_time']],
    ['with NUL', { scheduledAt: '2090-01-05T09:00:00Z\0' }, ['/scheduledAt bad_time']],
  ])('due at a time %s', async (_what, wrong, errors) => {
    expect(problemOf(await post(body(wrong)))).toEqual(invalid(...errors));
  });

  it.each<[string, object, string[]]>([
    ['nobody', { to: undefined }, ['/to required']],
    ['an empty list', { to: [] }, ['/to too_short']],
    ['51 in to', { to: people(51) }, ['/to too_many']],
    ['51 in to, cc and bcc', { to: people(17), cc: people(34).slice(17), bcc: people(51).slice(34) }, ['/to too_many']],
    ['six replyTo', { replyTo: people(6) }, ['/replyTo too_many']],
    ['cc in private copies', { visibility: 'individual', cc: 'bob@example.com' }, ['/cc conflict']],
    ['no @', { to: 'ada' }, ['/to bad_address']],
    ['a dot too many', { to: ['ada@example.com', 'a..b@example.com'] }, ['/to/1 bad_address']],
    ['a literal', { cc: 'ada@[127.0.0.1]' }, ['/cc bad_address']],
    ['two addresses in one text', { to: 'ada@example.com, bob@example.com' }, ['/to bad_address']],
    ['an argument for SMTP', { bcc: 'ada@example.com> SIZE=1' }, ['/bcc bad_address']],
    ['an address that is too long', { to: `${'a'.repeat(65)}@example.com` }, ['/to bad_address']],
    [
      'a domain that is too long',
      { to: `a@${'x'.repeat(60)}.${'x'.repeat(60)}.${'x'.repeat(60)}.${'x'.repeat(60)}.${'x'.repeat(20)}` },
      ['/to bad_address'],
    ],
    ['a name that is too long', { from: `${'x'.repeat(201)} <ada@example.com>` }, ['/from too_long']],
  ])('to %s', async (_what, wrong, errors) => {
    expect(problemOf(await post(body(wrong)))).toEqual(invalid(...errors));
  });

  const controls = ['\r\nBcc: eve@example.com', '\n', '\r', '\0', '\u0085', '\u2028', '\u001b'];
  it.each(
    controls.flatMap((control) => [
      [control, '/subject', { subject: `Hi${control}` }] as const,
      [control, '/ownerId', { ownerId: `1${control}` }] as const,
      [control, '/from', { from: named(control) }] as const,
      [control, '/to/0', { to: [named(control)] }] as const,
      [control, '/cc', { cc: named(control) }] as const,
      [control, '/bcc', { bcc: `ada${control}@example.com` }] as const,
      [control, '/replyTo', { replyTo: `ada@example.com${control}` }] as const,
    ]),
  )('with the control %j in %s: it is refused, never stripped', async (_control, pointer, wrong) => {
    expect(problemOf(await post(body(wrong)))).toEqual(invalid(`${pointer} injection`));
  });

  it.each<[string, object, string[]]>([
    ['NUL in text', { text: 'a\0b' }, ['/text injection']],
    ['NUL in html', { html: 'a\0b' }, ['/html injection']],
    ['half a character in subject', { subject: HALF }, ['/subject bad_format']],
    ['half a character in text', { text: HALF }, ['/text bad_format']],
    ['half a character in html', { html: HALF }, ['/html bad_format']],
    ['half a character in ownerId', { ownerId: HALF }, ['/ownerId bad_format']],
    ['half a character in a name', { to: `${HALF} <ada@example.com>` }, ['/to bad_format']],
    ['half a character in an address', { from: `${HALF}@example.com` }, ['/from bad_format']],
    ['an empty subject', { subject: '' }, ['/subject too_short']],
    ['a long subject', { subject: 'x'.repeat(999) }, ['/subject too_long']],
    ['a long text', { text: 'x'.repeat(524_289) }, ['/text too_long']],
    ['a long html', { html: 'ü'.repeat(262_145) }, ['/html too_long']],
    ['a long ownerId', { ownerId: 'x'.repeat(101) }, ['/ownerId too_long']],
    ['an empty ownerId', { ownerId: '' }, ['/ownerId too_short']],
    ['no body', { text: undefined }, ['/text required']],
    ['an empty body', { text: '', html: '' }, ['/text required']],
  ])('with %s', async (_what, wrong, errors) => {
    expect(problemOf(await post(body(wrong)))).toEqual(invalid(...errors));
  });

  it('names at most 50 errors, and all at once', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`x${index}`, 1]));
    expect(problemOf(await post(body(unknown))).errors).toHaveLength(50);
    const answer = await post(body({ to: 'x', subject: 5, scheduledAt: 'x' }));
    expect(problemOf(answer)).toEqual(invalid('/to bad_address', '/subject bad_type', '/scheduledAt bad_time'));
  });

  it.each([
    ['recipients', 422, `{"to":[${'"",'.repeat(400_000)}""]}`],
    ['values', 400, `{"to":[${'{},'.repeat(8_000_000)}1]}`],
    ['fields', 400, `{${Array.from({ length: 450_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
  ])('of as many %s as fit in does not hold up the others', async (_what, status, text) => {
    const began = performance.now();
    expect(problemOf(await post(text))).toMatchObject({ status });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('a path or a query that is wrong', () => {
  it.each([
    ['unknown', NOBODY],
    ['with another prefix', NOBODY.replace('em_', 'dl_')],
    ['too long', `${NOBODY}0`],
    ['beyond a uuid', `em_${'z'.repeat(26)}`],
    ['in capitals', NOBODY.toUpperCase()],
    ['with NUL', 'em_%00'],
    ['a SQL text', encodeURIComponent("em_' or 1=1 --")],
    ['of 600 characters', 'x'.repeat(600)],
  ])('an id %s is 404, the same for every call', async (_what, id) => {
    const answers = await Promise.all([
      api.get(`/v1/emails/${id}`),
      api.get(`/v1/emails/${id}/deliveries`),
      api.get(`/v1/emails/${id}/events`),
      api.get(`/v1/deliveries/${id}`),
      api.get(`/v1/deliveries/${id}/events`),
      api.call('PATCH', `/v1/emails/${id}`, {}),
      api.post(`/v1/emails/${id}/cancel`),
      api.call('PUT', `/emails/${id}`, {}),
      api.call('DELETE', `/emails/${id}`),
    ]);
    for (const answer of answers) expect(problemOf(answer)).toEqual(refused(404, 'not_found'));
  });

  it.each(['/v2/emails', '/v1/emails/', '/v1', '/nothing?a=1', '/.env', '/v1/emails/x/y/z'])(
    '%s is 404',
    async (path) => {
      expect(problemOf(await api.get(path))).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  it.each(['/v1/emails/%ff', '/v1/emails/%', '/v1/%E0%A4%A', '/%c0%ae%c0%ae/'])(
    '%s is 400: it cannot be decoded',
    async (path) => {
      expect(problemOf(await api.get(path))).toEqual(refused(400, 'bad_request'));
    },
  );

  it.each<[string, string]>([
    ['cat=1', '?cat unknown_field'],
    ['__proto__=1', '?__proto__ unknown_field'],
    ['limit=0', '?limit out_of_range'],
    ['limit=101', '?limit out_of_range'],
    ['limit=-1', '?limit bad_format'],
    ['limit=ten', '?limit bad_format'],
    ['limit=1&limit=2', '?limit bad_type'],
    ['limit=', '?limit bad_format'],
    ['status=pending', '?status unknown_value'],
    ['kind=letter', '?kind unknown_value'],
    ['tag=billing', '?tag bad_format'],
    ['tag=Team:x', '?tag bad_format'],
    ['tag=a:1&tag=a:2', '?tag conflict'],
    ['to=nobody', '?to bad_address'],
    ['createdFrom=today', '?createdFrom bad_time'],
    ['templateId=tpl_1', '?templateId unknown_field'],
    ['status=sent&status=x', '?status unknown_value'],
    ['class=x', '?class unknown_value'],
    ['ownerId=%00', '?ownerId injection'],
    ['ownerId=', '?ownerId too_short'],
    ['scheduledFrom=today', '?scheduledFrom bad_time'],
    ['scheduledTo=2090-01-01T00:00:00', '?scheduledTo time_without_zone'],
    ['after=', '?after too_short'],
    [`after=${'x'.repeat(401)}`, '?after too_long'],
  ])('GET /v1/emails?%s', async (query, error) => {
    expect(problemOf(await api.get(`/v1/emails?${query}`))).toEqual(invalid(error));
  });

  it.each<[string, string, string]>([
    ['POST', '/v1/emails?dryRun=yes', '?dryRun unknown_value'],
    ['POST', '/v1/emails?cat=1', '?cat unknown_field'],
    ['POST', `/v1/emails/${NOBODY}/cancel?wait=11`, '?wait bad_format'],
    ['POST', `/v1/emails/${NOBODY}/cancel?wait=1.5`, '?wait bad_format'],
    ['GET', `/v1/emails/${NOBODY}/events?sooner=x`, '?sooner unknown_field'],
  ])('%s %s', async (method, path, error) => {
    expect(
      problemOf(await api.call(method, path, method === 'POST' && !path.includes('cancel') ? VALID : undefined)),
    ).toEqual(invalid(error));
  });

  it.each(['"x"', '7', 'W/"7"', '"7", "8"', '"-1"', '"99999999999999999999"'])('If-Match %s is 400', async (tag) => {
    const answers = await Promise.all([
      api.call('PATCH', `/v1/emails/${NOBODY}`, {}, { 'if-match': tag }),
      api.call('POST', `/v1/emails/${NOBODY}/cancel`, undefined, { 'if-match': tag }),
      api.call('PUT', `/emails/${NOBODY}`, {}, { 'if-match': tag }),
    ]);
    for (const answer of answers) expect(problemOf(answer)).toEqual(refused(400, 'bad_request'));
  });
});

describe('a cursor', () => {
  let email: string;
  let first: string;

  beforeAll(async () => {
    const { body: created } = await api.post<{ id: string }>('/v1/emails', { ...VALID, to: people(3) });
    email = created.id;
    await api.post('/v1/emails', VALID);
    const page = await api.get<{ nextCursor: string }>('/v1/emails?limit=1');
    first = page.body.nextCursor;
  });

  it.each([
    'x',
    '%00',
    'e30',
    forged([]),
    forged(['a']),
    forged([1, 2]),
    forged({ a: 1 }),
    forged(['aaaaaaaa', 'em_x']),
  ])('that is none (%s) is 422 bad_cursor in every list', async (cursor) => {
    const paths = ['/v1/emails', '/emails', `/v1/emails/${email}/deliveries`, `/v1/emails/${email}/events`];
    for (const path of paths) {
      expect(problemOf(await api.get(`${path}?after=${cursor}`))).toEqual(refused(422, 'bad_cursor'));
    }
  });

  it('of another filter is 422 bad_cursor, and both at once are a conflict', async () => {
    expect(problemOf(await api.get(`/v1/emails?class=bulk&after=${first}`))).toEqual(refused(422, 'bad_cursor'));
    expect(problemOf(await api.get(`/v1/emails?after=${first}&before=${first}`))).toEqual(invalid('?before conflict'));
  });

  it.each([
    ['a number with two dots', '1.2.3', '00000000-0000-7000-8000-000000000000'],
    ['a dot', '.', '00000000-0000-7000-8000-000000000000'],
    ['a year without end', '9'.repeat(200), '00000000-0000-7000-8000-000000000000'],
    ['a far future', '9'.repeat(15), '00000000-0000-7000-8000-000000000000'],
    ['no uuid', '1', '-'.repeat(36)],
  ])('of a timeline, forged to hold %s, is 422 bad_cursor', async (_what, position, id) => {
    const cursor = await cursorOfTimeline();
    const answer = await api.get(
      `/v1/emails/${email}/events?after=${forged([parts(cursor)[0], position, id], cursor)}`,
    );
    expect(problemOf(answer)).toEqual(refused(422, 'bad_cursor'));
  });

  it('of the copies of an email, forged to hold no id, is 422 bad_cursor', async () => {
    const page = await api.get<{ nextCursor: string }>(`/v1/emails/${email}/deliveries?limit=1`);
    const { nextCursor } = page.body;
    const cursor = forged([parts(nextCursor)[0], 'em_x'], nextCursor);
    const answer = await api.get(`/v1/emails/${email}/deliveries?after=${cursor}`);
    expect(problemOf(answer)).toEqual(refused(422, 'bad_cursor'));
  });

  /** A timeline needs two events before it has a cursor. */
  async function cursorOfTimeline(): Promise<string> {
    await api.call('PATCH', `/v1/emails/${email}`, { ownerId: crypto.randomUUID() });
    return (await api.get<{ nextCursor: string }>(`/v1/emails/${email}/events?limit=1`)).body.nextCursor;
  }
});

describe('every answer', () => {
  it('bears the request id that was sent, if it is harmless, else one of ours', async () => {
    const echoed = await api.call('GET', '/v1/emails/x', undefined, { 'x-request-id': 'my-own_ID-1' });
    expect(echoed.headers.get('x-request-id')).toBe('my-own_ID-1');
    for (const id of ['a b', 'x'.repeat(65), '<script>']) {
      const made = await api.call('GET', '/v1/emails', undefined, { 'x-request-id': id });
      expect(made.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/);
    }
  });

  it('may not be stored by anybody', async () => {
    const answers = await Promise.all([api.get('/v1/emails'), api.get('/v1/emails/x'), api.get('/%ff')]);
    for (const answer of answers) expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('after all that', () => {
  it('the process is ready for more', async () => {
    const checks = { postgres: 'up', migrations: 'up' };
    expect(await api.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready', checks } });
  });
});
