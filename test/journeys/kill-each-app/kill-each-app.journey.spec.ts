import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APPS, type AppName, eventually, type Mailtide, startMailtide } from '#testing';
import { deliveriesEnd, queryRows, statusCounts } from '../delivery-states.js';
import { scheduleMany } from '../schedule-many.js';

const COUNT = 3_000;

/** What the rows and the sandbox say about one delivery. */
interface Fate extends Record<string, unknown> {
  readonly arrived: number;
  readonly possible_duplicate: boolean;
  readonly ambiguous: boolean;
  readonly early: number;
}

describe.each<AppName>([...APPS])('kill -9 of the %s while 3,000 emails are due', (victim) => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn' } });
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  it('loses none, sends none early, and doubles only what it marks', async () => {
    const dueAt = Date.now() + 8_000;
    await scheduleMany(mailtide, { count: COUNT, dueAt });
    await eventually(async () => {
      const { sent = 0 } = await statusCounts(mailtide);
      expect(sent).toBeGreaterThan(COUNT / 10);
    }, 60_000);
    await mailtide.app(victim).end('SIGKILL');
    await mailtide.app(victim).start();
    await deliveriesEnd(mailtide, COUNT, 90_000);

    expect(await statusCounts(mailtide)).toEqual({ sent: COUNT });
    const fates = await queryRows<Fate>(
      mailtide,
      `select count(m.id)::int as arrived, d.possible_duplicate,
         exists (select from attempts a where a.delivery_id = d.id and a.ambiguous_at is not null) as ambiguous,
         count(*) filter (where m.received_at < d.eligible_at)::int as early
       from deliveries d left join sandbox_messages m on m.delivery_id = d.id group by d.tenant_id, d.id`,
    );
    expect(fates.filter(({ arrived }) => arrived === 0)).toEqual([]);
    expect(fates.filter(({ early }) => early > 0)).toEqual([]);
    const doubled = fates.filter(({ arrived }) => arrived > 1);
    expect(doubled.filter(({ possible_duplicate, ambiguous }) => !possible_duplicate || !ambiguous)).toEqual([]);
    if (victim !== 'sender' && victim !== 'gateway') expect(doubled).toEqual([]);
  }, 180_000);
});
