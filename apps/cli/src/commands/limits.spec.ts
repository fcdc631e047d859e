import { afterEach, describe, expect, it } from '@jest/globals';
import { type Answers, paperApi, refusal } from '../testing/paper-api.js';

let close: (() => void) | undefined;
afterEach(() => close?.());

async function api(answers: Answers) {
  const made = await paperApi(answers);
  ({ close } = made);
  return { ...made, whats: () => made.asked.map(({ what }) => what) };
}

describe('mailtide limits', () => {
  it('rm removes what set has set', async () => {
    const { run, whats } = await api({ 'DELETE /v1/limits/tenant': {} });
    expect(await run('limits', 'rm', 'tenant')).toEqual({
      status: 0,
      values: [{ object: 'limit', scope: 'tenant', removed: true }],
      problem: undefined,
    });
    expect(whats()).toEqual(['DELETE /v1/limits/tenant']);
  });

  it('rm says that there is none', async () => {
    const { run } = await api({ 'DELETE /v1/limits/contact': refusal(404, 'not_found', 'There is no such limit.') });
    expect(await run('limits', 'rm', 'contact')).toMatchObject({ status: 4, problem: { code: 'not_found' } });
  });

  it('rm of all tenants asks nobody but the database', async () => {
    const { run, whats } = await api({});
    expect(await run('limits', 'rm', 'global')).toMatchObject({ problem: { code: 'configuration' } });
    expect(whats()).toEqual([]);
  });

  it.each([
    [['load', 'many'], "<count> cannot be 'many': a whole number from 0 to 1,000,000 is needed"],
    [['load', '5', '--rate', '0'], "--rate <count> cannot be '0': a whole number from 1 to 100,000 is needed"],
    [['limits', 'set', 'tenant', '--rule', '9'], "--rule <max/seconds...> cannot be '9': a rule is written 1000/3600"],
  ])('what is needed is said of %j', async (words, detail) => {
    const { run, whats } = await api({});
    expect(await run(...words)).toMatchObject({ status: 2, problem: { code: 'usage', detail } });
    expect(whats()).toEqual([]);
  });
});
