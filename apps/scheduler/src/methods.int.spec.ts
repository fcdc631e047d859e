import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from './testing/problem-of.js';
import { type RunningScheduler, runScheduler } from './testing/running-scheduler.js';

let scheduler: RunningScheduler;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  api = new Api(scheduler.url);
});
afterAll(() => scheduler.stop());

describe('a method that a path does not take', () => {
  it.each([
    ['PUT', '/v1/emails', 'GET, HEAD, POST'],
    ['DELETE', '/v1/emails/em_1', 'GET, HEAD, PATCH'],
    ['GET', '/v1/emails/em_1/cancel', 'POST'],
    ['PATCH', '/schedule', 'POST'],
    ['POST', '/health/live', 'GET, HEAD'],
  ])('%s %s is 405 with what it takes', async (method, path, allow) => {
    const answer = await api.call(method, path, method === 'GET' ? undefined : {});
    expect(problemOf(answer)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('is 404 where there is nothing at all', async () => {
    expect(problemOf(await api.get('/v1/nothing'))).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('HEAD', () => {
  it('is GET without its body', async () => {
    const [head, get] = [await api.call('HEAD', '/v1/emails'), await api.get('/v1/emails')];
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  });
});

describe('a URL', () => {
  it('of more than 8 KiB is refused', async () => {
    const answer = await api.get(`/v1/emails?ownerId=${'x'.repeat(9_000)}`);
    expect(problemOf(answer)).toMatchObject({ status: 414, code: 'uri_too_long' });
  });
});

describe('Accept', () => {
  it('is refused where it leaves out JSON, and not asked of pages for people', async () => {
    const asking = (path: string) => api.raw('GET', path, { headers: { accept: 'text/html' } });
    expect(problemOf(await asking('/v1/emails'))).toMatchObject({ status: 406, code: 'not_acceptable' });
    expect((await asking('/problems/not_acceptable')).status).toBe(200);
    expect((await asking('/docs')).status).toBe(200);
  });
});
