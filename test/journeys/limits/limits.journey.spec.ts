import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Campaign, Limit } from '#client';
import type { EmailView, ExplanationView } from '#http';
import { eventually, type Mailtide, startMailtide } from '#testing';
import { mailtideCommand } from '../command-line/mailtide-command.js';

/** A limit holds mail back, says why, and lets it go as soon as it is raised. */

let mailtide: Mailtide;
let run: ReturnType<typeof mailtideCommand>;

beforeAll(async () => {
  mailtide = await startMailtide({ env: { GRANT_SECONDS: '3', LOG_LEVEL: 'warn' } });
  run = mailtideCommand(mailtide);
}, 90_000);
afterAll(() => mailtide.stop(), 60_000);

/** Runs a command that works, and gives its last result. */
async function result<Value>(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Value> {
  const { status, values, err } = await run(args, env);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return values.at(-1) as Value;
}

const sent = async (ids: readonly string[]): Promise<readonly string[]> => {
  const emails = await Promise.all(ids.map((id) => mailtide.api.get<EmailView>(`/v1/emails/${id}`)));
  return emails.flatMap(({ body: { id, status } }) => (status === 'sent' ? [id] : []));
};

it('a tenant’s limit holds mail back and says why; raised, it lets it go', async () => {
  expect(await result<Limit>(['limits', 'set', 'tenant', '--rule', '3/61'])).toMatchObject({
    scope: 'tenant',
    version: 1,
  });
  const wish = { to: 'ada@example.com', subject: 'Hi', text: 'x' };
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => mailtide.api.post<EmailView>('/v1/emails', wish)));
  const ids = made.map(({ body }) => body.id);
  await eventually(async () => expect(await sent(ids)).toHaveLength(3), 15_000);

  const gone = new Set(await sent(ids));
  const waiting = ids.find((id) => !gone.has(id)) ?? '';
  const [why] = await result<ExplanationView[]>(['explain', waiting]);
  expect(why?.waitingFor[0]).toMatchObject({ reason: 'limit', scope: 'tenant', max: 3, windowSeconds: 61, used: 3 });
  expect(new Date(why?.nextEligibleAt ?? 0).getTime()).toBeGreaterThan(Date.now() + 30_000);
  expect(await result<Limit>(['limits', 'get', 'tenant'])).toMatchObject({ rules: [{ used: 3, remaining: 0 }] });
  expect((await sent(ids)).length).toBe(3);

  const rules = [{ max: 100, windowSeconds: 61 }];
  const raised = await mailtide.api.call('PUT', '/v1/limits/tenant', { rules }, { 'if-match': '"1"' });
  expect(raised.status).toBe(200);
  await eventually(async () => expect(await sent(ids)).toHaveLength(5), 10_000);
}, 60_000);

it('a campaign is planned, filled, started and watched from a terminal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailtide-limits-'));
  const [wish, list] = [join(folder, 'campaign.json'), join(folder, 'list.csv')];
  const campaign = { name: 'spring', subject: 'Hi', text: 'x', pacing: { hourlyLimit: 100_000, spread: 'burst' } };
  writeFileSync(wish, JSON.stringify(campaign));
  writeFileSync(
    list,
    `email,name\n${Array.from({ length: 20 }, (_, n) => `c${n}@example.com,C${n}`).join('\n')}\nnobody,N\n`,
  );

  expect(await result(['campaign', 'plan', '-f', wish])).toMatchObject({ object: 'plan', total: 0 });
  const plan = await result(['campaign', 'plan', '-f', wish, '--recipients', list]);
  expect(plan).toMatchObject({ total: 20, rejected: [{ value: 'nobody' }] });
  const { id } = await result<Campaign>(['campaign', 'create', '-f', wish, '--recipients', list]);
  expect(await result(['campaign', 'watch', id, '--timeout', '30'])).toMatchObject({
    status: 'completed',
    rejected: 1,
    counts: { total: 20, sent: 20 },
  });
  const { body: limit } = await mailtide.api.get<Limit>(`/v1/limits/campaign:${id}`);
  expect(limit).toMatchObject({ rules: [{ max: 100_000, used: 20 }] });
}, 60_000);

it('the limit of all tenants is set by whoever holds the database, and shown to all', async () => {
  const { status } = await mailtide.api.call('PUT', '/v1/limits/global', { rules: [{ max: 5, windowSeconds: 61 }] });
  expect(status).toBe(403);
  const database = { DATABASE_URL: mailtide.databaseUrl };
  expect(await result(['limits', 'set', 'global', '--rule', '1000000/3600'], database)).toMatchObject({
    scope: 'global',
  });
  expect(await result(['limits', 'get', 'global'])).toMatchObject({ rules: [{ max: 1_000_000, mode: 'rolling' }] });
}, 30_000);
