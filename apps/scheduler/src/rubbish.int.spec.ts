import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PROBLEMS } from '#domain';
import { Api, freePorts, testDatabase } from '#testing';
import { type Description, type GeneratedRequest, requestsOf } from './testing/open-api-requests.js';
import { type RunningScheduler, runScheduler } from './testing/running-scheduler.js';

const REQUESTS = 10_000;
/** So many at once keep both cores busy. */
const TOGETHER = 25;

let scheduler: RunningScheduler;
let ids: string[];
const answered = new Map<number, number>();

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port, { API_RATE: 'off' });
  ids = await someIds(new Api(scheduler.url));
});
afterAll(() => scheduler.stop());

/** Things that exist, so that not every request ends at a 404. */
async function someIds(api: Api): Promise<string[]> {
  const found: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    const wish = {
      to: 'ada@example.com',
      subject: `${i}`,
      text: 'x',
      scheduledAt: '2099-01-01T00:00:00Z',
      ownerId: '1',
    };
    const { body } = await api.post('/v1/emails', wish);
    const email = body as { readonly id: string; readonly deliveries: readonly { readonly id: string }[] };
    found.push(email.id, ...email.deliveries.map(({ id }) => id));
  }
  return found;
}

async function send({ method, path, headers, body }: GeneratedRequest): Promise<void> {
  const answer = await fetch(`${scheduler.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    redirect: 'manual',
  });
  const text = await answer.text();
  answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
  const told = `${method} ${path} ${body ?? ''} -> ${answer.status} ${text}`;
  if (answer.status >= 500) throw new Error(told);
  if (answer.status < 400) return;
  const { code } = JSON.parse(text) as { readonly code: string };
  if (!Object.hasOwn(PROBLEMS, code) || !answer.headers.get('content-type')?.startsWith('application/problem+json')) {
    throw new Error(`no problem of ours: ${told}`);
  }
}

describe.each(['/openapi.json', '/openapi.compat.json'])('rubbish made from %s', (document) => {
  it('is answered with what is wrong, and never with a 5xx', async () => {
    const { body } = await new Api(scheduler.url).get<Description>(document);
    const requests = requestsOf(body, ids);
    const many = fc.array(requests, { minLength: TOGETHER, maxLength: TOGETHER });
    const numRuns = (document === '/openapi.json' ? REQUESTS * 0.9 : REQUESTS * 0.1) / TOGETHER;
    await fc.assert(
      fc.asyncProperty(many, (batch) => Promise.all(batch.map(send)).then(() => undefined)),
      { numRuns, endOnFailure: true },
    );
    expect((await fetch(`${scheduler.url}/health/ready`)).status).toBe(200);
  }, 180_000);
});

describe('the rubbish', () => {
  it('goes deep enough to matter: part of it is accepted, part is refused for what it says', () => {
    const total = [...answered.values()].reduce((sum, count) => sum + count, 0);
    const share = (from: number, to: number) =>
      [...answered].reduce((sum, [status, count]) => (status >= from && status < to ? sum + count : sum), 0) / total;
    expect(share(200, 300)).toBeGreaterThan(0.1);
    expect(share(202, 203)).toBeGreaterThan(0.002); // emails were made of it
    expect(share(422, 423)).toBeGreaterThan(0.1);
  });
});
