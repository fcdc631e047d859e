import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APPS, type AppName, eventually, type Mailtide, startMailtide } from '#testing';
import { deliveriesEnd, queryRows, statusCounts } from '../delivery-states.js';
import { scheduleMany } from '../schedule-many.js';

const COUNT = 1_000;

/** What the rows and the sandbox say about one delivery. */
interface Fate extends Record<string, unknown> {
  readonly arrived: number;
  readonly possible_duplicate: boolean;
  readonly ambiguous: boolean;
  readonly early: number;
}

describe('kill -9 while 1,000 emails are due', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn' } });
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  it.each<AppName>([...APPS])(
    'of the %s loses none, sends none early, and doubles only what it marks',
    async (victim) => {
      await scheduleMany(mailtide, { count: COUNT, dueAt: Date.now() + 6_000, ownerId: victim });
      await eventually(async () => {
        const { sent = 0 } = await statusCounts(mailtide, victim);
        expect(sent).toBeGreaterThan(COUNT / 10);
      }, 60_000);
      await mailtide.app(victim).end('SIGKILL');
      await mailtide.app(victim).start();
      await deliveriesEnd(mailtide, COUNT, 120_000, victim);

      expect(await statusCounts(mailtide, victim)).toEqual({ sent: COUNT });
      const fates = await fatesOf(mailtide, victim);
      expect(fates.filter(({ arrived }) => arrived === 0)).toEqual([]);
      expect(fates.filter(({ early }) => early > 0)).toEqual([]);
      const doubled = fates.filter(({ arrived }) => arrived > 1);
      expect(doubled.filter(({ possible_duplicate, ambiguous }) => !possible_duplicate || !ambiguous)).toEqual([]);
      // The server itself died in the gateway; the others stand nowhere between a dot and its reply.
      if (victim === 'scheduler' || victim === 'poller') expect(doubled).toEqual([]);
    },
    240_000,
  );
});

const fatesOf = (mailtide: Mailtide, ownerId: string): Promise<Fate[]> =>
  queryRows<Fate>(
    mailtide,
    `select count(m.id)::int as arrived, d.possible_duplicate,
       exists (select from attempts a where a.delivery_id = d.id and a.ambiguous_at is not null) as ambiguous,
       count(*) filter (where m.received_at < d.eligible_at)::int as early
     from emails e join deliveries d on d.tenant_id = e.tenant_id and d.email_id = e.id
     left join sandbox_messages m on m.delivery_id = d.id
     where e.owner_id = $1 group by d.tenant_id, d.id`,
    [ownerId],
  );
