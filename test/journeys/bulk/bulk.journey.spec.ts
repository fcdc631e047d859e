import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { JobView } from '#http';
import { Api, AppProcess, eventually, freePorts, type Mailtide, startMailtide } from '#testing';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { queryRows, statusCounts } from '../delivery-states.js';

const COUNT = 2_000;
const MAIN = join(dirname(fileURLToPath(import.meta.url)), '../../../dist/apps/scheduler/src/main.js');

let mailtide: Mailtide;
let second: { readonly app: AppProcess; readonly api: Api };

beforeAll(async () => {
  mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn' } });
  second = await secondScheduler();
}, 90_000);
afterAll(async () => {
  await second.app.end('SIGKILL');
  await mailtide.stop();
}, 60_000);

it('a bulk cancel of 2,000 emails goes on when the scheduler that took it is killed, and cancels each once', async () => {
  await schedule(COUNT);
  const order = { action: 'cancel', filter: { ownerId: 'many' }, dryRun: false };
  const { status, body: job } = await second.api.post<JobView>('/v1/emails/bulk', order);
  expect(status).toBe(202);
  await second.app.end('SIGKILL');

  const read = async () => (await mailtide.api.get<JobView>(`/v1/jobs/${job.id}`)).body;
  await eventually(async () => expect((await read()).finishedAt).not.toBeNull(), 20_000);
  expect(await read()).toMatchObject({
    status: 'completed',
    rows: { total: COUNT, done: COUNT, ok: COUNT, rejected: 0 },
    result: { cancelled: COUNT, alreadySent: 0, inFlight: 0 },
  });
  expect(await statusCounts(mailtide)).toEqual({ cancelled: COUNT });
  expect(await eventsToldOnce()).toEqual({ 'delivery.cancelled': COUNT, 'email.cancelled': COUNT, 'job.completed': 1 });
}, 60_000);

/** Another process of the scheduler over the same database. */
async function secondScheduler(): Promise<typeof second> {
  const [port = 0] = await freePorts(1);
  const url = `http://localhost:${port}`;
  const app = new AppProcess({
    name: 'scheduler-1',
    main: MAIN,
    env: {
      DATABASE_URL: mailtide.databaseUrl,
      KAFKA_BROKERS: 'not-needed:9092',
      UNSAFE_POSTGRES: '1',
      HOST: '127.0.0.1',
      AUTH_MODE: 'dev',
      LOG_LEVEL: 'warn',
      LOG_PRETTY: '0',
      SCHEDULER_PORT: String(port),
      PUBLIC_URL: url,
      INSTANCE_NAME: 'scheduler-1',
    },
    logPath: join(mailtide.logs, 'scheduler-1.log'),
  });
  await app.start();
  return { app, api: new Api(url) };
}

async function schedule(count: number): Promise<void> {
  const scheduledAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const mail = { to: 'ada@example.com', subject: 'Hi', text: 'It works', ownerId: 'many', scheduledAt };
  const emails = Array.from({ length: 1_000 }, () => mail);
  for (let left = count; left > 0; left -= emails.length) {
    const { status, text } = await mailtide.api.post('/v1/emails/batch', { emails });
    if (status !== 202) throw new Error(text);
  }
}

/** Events of cancels and ends, each subject counted once: a number too high was told twice. */
async function eventsToldOnce(): Promise<Record<string, number>> {
  const rows = await queryRows<{ type: string; events: number }>(
    mailtide,
    `select type, count(*)::int as events from outbox
     where type in ('delivery.cancelled', 'email.cancelled') or (type = 'job.completed' and data ->> 'kind' = 'bulk')
     group by type`,
  );
  return Object.fromEntries(rows.map(({ type, events }) => [type, events]));
}
