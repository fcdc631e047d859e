import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Mailtide, startMailtide } from '#testing';
import { scheduleMany } from '../schedule-many.js';
import { deliveriesEnd, statusCounts } from '../delivery-states.js';

const COUNT = 10_000;

describe('ten thousand emails due at one instant', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn', GRANT_SECONDS: '20' } });
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  it('arrive once each, and none early', async () => {
    const dueAt = Date.now() + 20_000;
    await scheduleMany(mailtide, { count: COUNT, dueAt });
    await deliveriesEnd(mailtide, COUNT, 180_000);

    expect(await statusCounts(mailtide)).toEqual({ sent: COUNT });
    expect(await mailtide.inbox.stats()).toMatchObject({
      accepted: COUNT,
      distinctDeliveries: COUNT,
      duplicates: 0,
    });
    const [earliest] = (
      await mailtide.inbox.messages({ since: new Date(0).toISOString(), subject: 'n-' })
    ).toReversed();
    expect(Date.parse(earliest?.receivedAt ?? '')).toBeGreaterThanOrEqual(dueAt);
  }, 240_000);
});
