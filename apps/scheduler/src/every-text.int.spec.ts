import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Api,
  bodiesOf,
  type Description,
  freePorts,
  isOwn,
  routesOf,
  testDatabase,
  type TextPlace,
  textPlaces,
} from '#testing';
import { problemOf } from './testing/problem-of.js';
import { type RunningScheduler, runScheduler } from './testing/running-scheduler.js';
import { Subjects } from './testing/subjects.js';
import { WorkDeliveries } from './testing/work-deliveries.js';

/** Every text that a body may have, with what no text may hold. A new field is found here by itself. */

/** May have line ends: they are bodies. */
const BODIES = /\/(text|html|body)$/;
/** What reaches the mail itself or its headers. */
const REACHES_MAIL =
  /\/(subject|to|cc|bcc|from|replyTo|headers|tags|ownerId|correlationKey|filename|contentId|contentType|recipients|recipient|address|defaultFrom|addresses)(\/|$)/;
const LINE_ENDS = ['\r\nBcc: eve@example.com', '\r', '\n', '\u0085', '\u2028', '\u2029'];

let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;
let places: readonly Place[];

interface Place extends TextPlace {
  readonly method: string;
  readonly url: string;
  readonly path: string;
}

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port, { API_RATE: 'off' });
  api = new Api(scheduler.url);
  work = WorkDeliveries.on(database.url);
  places = (await Promise.all(['/openapi.json', '/openapi.compat.json'].map(placesOf))).flat();
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

async function placesOf(document: string): Promise<Place[]> {
  const { body } = await api.get<Description>(document);
  const schemas = body.components?.schemas ?? {};
  const subjects = new Subjects(api, work);
  const found: Place[] = [];
  for (const route of routesOf(body).filter(isOwn)) {
    const { method, path, operation } = route;
    const schema = operation.requestBody?.content?.['application/json']?.schema;
    if (!schema) continue;
    const url = path.includes('{') ? path.replace(/\{\w+\}/, await subjects.of(method, path)) : path;
    const [base] = bodiesOf(route, schemas);
    found.push(...textPlaces(schema, schemas, base).map((place) => ({ ...place, method, path, url })));
  }
  return found;
}

async function faults(texts: readonly string[], some: readonly Place[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { method, url, path, pointer, bodyWith } of some) {
    for (const text of texts) {
      const answer = await api.call(method, url, bodyWith(`a${text}b`));
      const told = `${method} ${path} ${pointer} with ${JSON.stringify(text)}`;
      if (answer.status !== 422) wrong.push(`${told}: ${answer.status} ${answer.text}`);
      else if (!isToldAt(problemOf(answer).errors, pointer)) wrong.push(`${told}: ${problemOf(answer).errors.join()}`);
    }
  }
  return wrong;
}

/** One address or a list with one are two places of one field. */
const isToldAt = (errors: readonly string[], pointer: string): boolean => {
  const isNameInjection = REACHES_MAIL.test(pointer) && !/\/filter\//.test(pointer);
  return errors.some((error) => {
    const [where = '', code] = error.split(' ');
    return where.startsWith(pointer.replace(/\/0$/, '')) && (!isNameInjection || code === 'injection');
  });
};

/** A filter by an id that is none finds nothing, and that is all. */
const ID_FILTER = /^\/filter\/\w+Id$/;

const free = () =>
  places.filter(
    ({ schema, pointer }) => schema.enum === undefined && schema.const === undefined && !ID_FILTER.test(pointer),
  );

describe('every text in a body', () => {
  it('is looked at here', () => {
    const pointers = places.map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/subject', '/to', '/headers/x-a', '/tags/x-a', '/attachments/0/filename']),
    );
  });

  it('refuses NUL, whatever it is', async () => {
    expect(
      await faults(
        ['\0'],
        free().filter(({ pointer }) => !pointer.endsWith('content')),
      ),
    ).toEqual([]);
  }, 60_000);

  it('of one line refuses every line end that any reader knows: nothing is stripped and sent', async () => {
    const lines = free().filter(({ pointer }) => !BODIES.test(pointer) && !pointer.endsWith('content'));
    expect(await faults(LINE_ENDS, lines)).toEqual([]);
  }, 120_000);
});

describe('half of a surrogate pair', () => {
  it('is refused in every text', async () => {
    const wrong: string[] = [];
    for (const { method, url, path, pointer, bodyWith } of free()) {
      const answer = await api.call(method, url, bodyWith('a\ud800b'));
      const errors = answer.status === 422 ? problemOf(answer).errors : [];
      if (!errors.some((error) => error.startsWith(pointer.replace(/\/0$/, ''))))
        wrong.push(`${method} ${path} ${pointer}: ${answer.status} ${answer.text}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe('a number that computers do not agree about', () => {
  it.each(['1e400', '-0', '9007199254740993', '-1e400'])('%s is refused where a number is expected', async (number) => {
    const body = `{"to":"ada@example.com","subject":"Hi","text":"x","retryForSeconds":${number}}`;
    const post = (path: string, text: string) =>
      api.raw('POST', path, { body: text, headers: { 'content-type': 'application/json' } });
    const single = await post('/v1/emails', body);
    const batch = await post('/v1/emails/batch', `{"emails":[${body}]}`);
    expect(problemOf(single)).toMatchObject({ status: 422, errors: ['/retryForSeconds out_of_range'] });
    expect(problemOf(batch)).toMatchObject({ status: 422, errors: ['/emails/0/retryForSeconds out_of_range'] });
  });
});
