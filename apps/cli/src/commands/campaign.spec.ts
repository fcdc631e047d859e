import { afterEach, describe, expect, it } from '@jest/globals';
import { type Answers, paperApi } from '../testing/paper-api.js';

const counts = { total: 0, scheduled: 0, queued: 0, sending: 0 };
const campaign = { object: 'campaign', id: 'cmp_1', jobId: 'job_1', status: 'completed', expanding: false, counts };

let close: (() => void) | undefined;
afterEach(() => close?.());

async function api(answers: Answers) {
  const made = await paperApi(answers);
  ({ close } = made);
  return { ...made, whats: () => made.asked.map(({ what }) => what) };
}

describe('the id of a campaign', () => {
  const cancellation = { cancelled: 1, alreadySent: 0, inFlight: 0 };

  it.each([
    [['get', 'cmp_1'], 'GET /v1/campaigns/cmp_1'],
    [['pause', 'cmp_1'], 'POST /v1/campaigns/cmp_1/pause'],
    [['resume', 'cmp_1'], 'POST /v1/campaigns/cmp_1/resume'],
    [['cancel', 'cmp_1'], 'POST /v1/campaigns/cmp_1/cancel'],
  ])('is understood by %j', async (words, what) => {
    const answer = { ...campaign, cancellation };
    const { run, whats } = await api({ [what]: answer });
    expect(await run(...words)).toEqual({ status: 0, values: [answer], problem: undefined });
    expect(whats()).toEqual([what]);
  });

  it('is understood by timeline', async () => {
    const event = { type: 'email.created' };
    const { run } = await api({ 'GET /v1/campaigns/cmp_1/events': { data: [event], hasMore: false } });
    expect(await run('timeline', 'cmp_1')).toMatchObject({ status: 0, values: [[event]] });
  });

  it.each([['watch'], ['campaign', 'watch']])('is understood by %s', async (...words) => {
    const { run } = await api({ 'GET /v1/campaigns/cmp_1': campaign });
    expect(await run(...words, 'cmp_1')).toMatchObject({ status: 0, values: [campaign] });
  });
});
