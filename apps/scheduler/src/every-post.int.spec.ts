import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Api,
  bodiesOf,
  type Description,
  freePorts,
  isOwn,
  type Route,
  routesOf,
  type Schemas,
  testDatabase,
} from '#testing';
import { problemOf } from './testing/problem-of.js';
import { type RunningScheduler, runScheduler } from './testing/running-scheduler.js';
import { Subjects } from './testing/subjects.js';
import { WorkDeliveries } from './testing/work-deliveries.js';

/** Idempotency-Key on every POST, aliases too (interface 2). A new POST is found here by itself. */

/** Answers that show a secret are not stored: a repeat is told that it exists. */
const SHOW_A_SECRET = ['/v1/keys', '/v1/realtime/tickets'];

let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;
let subjects: Subjects;
let posts: readonly Post[];

/** A POST with two requests that differ, and both do something. */
interface Post {
  readonly path: string;
  readonly route: Route;
  readonly one: Request;
  readonly other: Request;
}

interface Request {
  readonly url: string;
  readonly body: unknown;
}

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  api = new Api(scheduler.url);
  work = WorkDeliveries.on(database.url);
  subjects = new Subjects(api, work);
  posts = (await Promise.all(['/openapi.json', '/openapi.compat.json'].map(postsOf))).flat();
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

async function postsOf(document: string): Promise<Post[]> {
  const { body } = await api.get<Description>(document);
  const schemas = body.components?.schemas ?? {};
  const made: Post[] = [];
  for (const route of routesOf(body)) {
    if (route.method === 'POST' && isOwn(route)) made.push(await postOf(route, schemas));
  }
  return made;
}

async function postOf(route: Route, schemas: Schemas): Promise<Post> {
  const { method, path } = route;
  const [body, otherBody] = bodiesOf(route, schemas);
  const url = async () => (path.includes('{') ? path.replace(/\{\w+\}/, await subjects.of(method, path)) : path);
  if (path.includes('{')) return { path, route, one: { url: await url(), body }, other: { url: await url(), body } };
  if (otherBody === undefined) throw new Error(`POST ${path} shows no second example in its description`);
  return { path, route, one: { url: path, body }, other: { url: path, body: otherBody } };
}

const send = ({ url, body }: Request, key: string) => api.call('POST', url, body, { 'idempotency-key': key });

/** What is wrong with which POST; the test fails with all of them at once. */
async function faults(check: (post: Post) => Promise<string | undefined>): Promise<string[]> {
  const wrong: string[] = [];
  for (const post of posts) {
    const fault = await check(post).catch((error: unknown) => String(error));
    if (fault !== undefined) wrong.push(`POST ${post.path}: ${fault}`);
  }
  return wrong;
}

describe('every POST', () => {
  it('is looked at here', () => expect(posts.length).toBeGreaterThan(20));

  it('says in its description that it takes an Idempotency-Key', async () => {
    const silent = await faults(async ({ route }) =>
      route.operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ? undefined : 'does not',
    );
    expect(silent).toEqual([]);
  });

  it.each(['', 'x'.repeat(256), 'größer'])('refuses the key %j', async (key) => {
    const wrong = await faults(async ({ one }) => {
      const { status, code } = problemOf(await send(one, encoded(key)));
      return status === 400 && code === 'bad_idempotency_key' ? undefined : `${status} ${code}`;
    });
    expect(wrong).toEqual([]);
  });

  it('gives a repeat the stored answer and does nothing; another body is 422', async () => {
    const wrong = await faults(async ({ path, route, one, other }) => {
      const key = randomUUID();
      const first = await send(one, key);
      if (first.status >= 300) return `${first.status} ${first.text}`;
      if (!(String(first.status) in (route.operation.responses ?? {}))) return `${first.status} is not described`;
      if (first.headers.get('idempotency-replayed') !== null) return 'the first answer says that it is a repeat';
      const again = await send(one, key);
      const reused = problemOf(await send(other, key));
      if (reused.status !== 422 || reused.code !== 'idempotency_key_reused')
        return `other: ${reused.status} ${reused.code}`;
      if (SHOW_A_SECRET.includes(path)) {
        const { status, code } = problemOf(again);
        return status === 409 && code === 'already_exists' ? undefined : `again: ${status} ${code}`;
      }
      const isSame = again.status === first.status && again.text === first.text;
      if (!isSame || again.headers.get('idempotency-replayed') !== 'true')
        return `again: ${again.status} ${again.text}`;
      const kept = ['location', 'etag', 'link', 'content-type'].filter(
        (name) => first.headers.get(name) !== again.headers.get(name),
      );
      return kept.length > 0 ? `another ${kept.join()}` : undefined;
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it('that makes something says where: what is there can be read', async () => {
    posts = (await Promise.all(['/openapi.json', '/openapi.compat.json'].map(postsOf))).flat();
    const wrong = await faults(async ({ path, one, other }) => {
      const request = path.includes('{') ? one : other; // what cannot be made twice was made above
      const answer = await send(request, randomUUID());
      if (answer.status !== 201 && answer.status !== 202) return undefined;
      const location = answer.headers.get('location');
      if (path === '/v1/realtime/tickets') return undefined; // shown once, and found nowhere
      if (location === null) return 'no Location';
      if (path === '/v1/keys') return undefined; // found in the list only
      const { status } = await api.get(location.replace(/^\/emails\//, '/v1/emails/'));
      return status === 200 ? undefined : `GET ${location}: ${status}`;
    });
    expect(wrong).toEqual([]);
  }, 60_000);
});

/** Header values are bytes: what a fetch would refuse to send is sent as it would arrive. */
const encoded = (key: string): string => Buffer.from(key).toString('latin1');
