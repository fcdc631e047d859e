import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Api, type Description, freePorts, isOwn, onlyRoutes, requestsOf, Rubbish, testDatabase } from '#testing';
import { type RunningScheduler, runScheduler } from './testing/running-scheduler.js';

const REQUESTS = 10_000;
/** So many at once keep both cores busy. */
const TOGETHER = 25;
/** Copies of a load test: to make millions of them would keep both cores from answering. */
const FEW = 10;

let scheduler: RunningScheduler;
let ids: string[];
let rubbish: Rubbish;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port, { API_RATE: 'off' });
  rubbish = new Rubbish(scheduler.url);
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

/** A description as it is, but for the size of the load tests that are made of it. */
const withFewCopies = (description: Description): Description =>
  JSON.parse(JSON.stringify(description), (name, value: unknown) =>
    /^(count|numberOfEmails)$/.test(name) && typeof value === 'object' ? { ...value, maximum: FEW } : value,
  ) as Description;

describe.each(['/openapi.json', '/openapi.compat.json'])('rubbish made from %s', (document) => {
  it('is answered with what is wrong, and never with a 5xx', async () => {
    const { body } = await new Api(scheduler.url).get<Description>(document);
    const requests = requestsOf(onlyRoutes(withFewCopies(body), isOwn), ids);
    const many = fc.array(requests, { minLength: TOGETHER, maxLength: TOGETHER });
    const numRuns = (document === '/openapi.json' ? REQUESTS * 0.9 : REQUESTS * 0.1) / TOGETHER;
    await fc.assert(
      fc.asyncProperty(many, (batch) =>
        Promise.all(batch.map((request) => rubbish.send(request))).then(() => undefined),
      ),
      { numRuns, endOnFailure: true },
    );
    expect((await fetch(`${scheduler.url}/health/ready`)).status).toBe(200);
  }, 180_000);
});

describe('the rubbish', () => {
  it('goes deep enough to matter: part of it is accepted, part is refused for what it says', () => {
    expect(rubbish.share(200, 300)).toBeGreaterThan(0.1);
    expect(rubbish.share(202, 203)).toBeGreaterThan(0.002); // emails were made of it
    expect(rubbish.share(422, 423)).toBeGreaterThan(0.1);
  });
});
