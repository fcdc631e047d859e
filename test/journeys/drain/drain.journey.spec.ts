import { beforeAll, describe, expect, it } from '@jest/globals';
import { APPS, eventually, type Mailtide, startMailtide } from '#testing';
import { deliveriesEnd, queryRows, statusCounts } from '../delivery-states.js';
import { scheduleMany } from '../schedule-many.js';

const COUNT = 1_000;

describe('SIGTERM in the middle of the work', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn' } });
  }, 90_000);

  it('drains every app: exit 0, nothing ambiguous, and the next start finishes', async () => {
    await scheduleMany(mailtide, { count: COUNT, dueAt: Date.now() + 3_000 });
    await eventually(async () => {
      const { sent = 0 } = await statusCounts(mailtide);
      expect(sent).toBeGreaterThan(COUNT / 10);
    }, 60_000);
    const codes = await Promise.all(APPS.map((name) => mailtide.app(name).end('SIGTERM')));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(await queryRows(mailtide, 'select delivery_id from attempts where ambiguous_at is not null')).toEqual([]);
    expect((await statusCounts(mailtide))['sending']).toBeUndefined();

    await Promise.all(APPS.map((name) => mailtide.app(name).start()));
    await deliveriesEnd(mailtide, COUNT, 60_000);
    expect(await statusCounts(mailtide)).toEqual({ sent: COUNT });
    expect(await mailtide.inbox.stats()).toMatchObject({ accepted: COUNT, duplicates: 0 });
    await mailtide.stop();
  }, 180_000);
});
