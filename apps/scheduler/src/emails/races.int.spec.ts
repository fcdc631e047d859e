import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DeliveryId, type EmailId, parsePublicId, type ProcessId, type ProviderId, type TenantId } from '#domain';
import type { Caller, EmailView } from '#http';
import {
  arm,
  claimDue,
  type Database,
  type DueClaim,
  newId,
  type Queryable,
  releaseClaims,
  resendHeld,
  settle,
  type SettleAsk,
} from '#storage';
import { Api, freePorts, openFree, openPinned, testDatabase } from '#testing';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { cancelEmails } from './cancel-emails.js';
import type { ChangeEmails } from './change-emails.js';
import { pauseEmails, resumeEmails } from './pause-emails.js';

/** What users do to emails at the instant at which they are armed and settled: random races over the real statements. */

const ROUNDS = 120;
const sender = newId<ProcessId>();
const providerId = newId<ProviderId>();

let scheduler: RunningScheduler;
let api: Api;
let db: Database;
/** Poller and sender: their plans keep the order in which rows are locked. */
let worker: Database;
let caller: Caller;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  api = new Api(scheduler.url);
  db = openFree(database.url, 8);
  worker = openPinned(database.url, 8);
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await Promise.all([db.stop(), worker.stop()]);
});

interface Racer {
  readonly id: EmailId;
  readonly view: EmailView;
  readonly claims: readonly DueClaim[];
}

/** Emails of two copies each, stored and claimed. */
async function claimedEmails(): Promise<Racer[]> {
  const body = { to: ['ada@example.com', 'eve@example.com'], subject: 'old', text: 'It works' };
  const answers = await Promise.all(Array.from({ length: ROUNDS }, () => api.post<EmailView>('/v1/emails', body)));
  const byDelivery = new Map((await claimAll()).map((claim) => [claim.id, claim]));
  const racers = answers.map(({ body: view }) => ({
    id: parsePublicId('email', view.id) as EmailId,
    view,
    claims: view.deliveries.flatMap(({ id }) => byDelivery.get(parsePublicId('delivery', id) as DeliveryId) ?? []),
  }));
  const [claim] = racers[0]?.claims ?? [];
  caller = { tenantId: claim?.tenantId ?? newId<TenantId>(), tenant: 'dev', mode: 'test', keyId: null, scopes: [] };
  return racers;
}

const claimAll = async () =>
  (
    await claimDue(worker, {
      lane: 'transactional',
      batch: 10_000,
      watermarkMs: null,
      lookAheadMs: 0,
      grantSeconds: 60,
      poller: newId<ProcessId>(),
    })
  ).claims;

/** A race for each email, a few at a time: they meet each other on the way, too. A deadlock (40P01) fails the spec as it is. */
async function forEach(racers: readonly Racer[], race: (racer: Racer) => Promise<void>): Promise<void> {
  const left = [...racers];
  const run = async (): Promise<void> => {
    for (let racer = left.pop(); racer; racer = left.pop()) await race(racer);
  };
  await Promise.all([run(), run(), run()]);
}

/** At the same time, in either order. */
const together = async (...acts: (() => Promise<unknown>)[]): Promise<void> => {
  const shuffled = acts.map((act) => ({ act, at: Math.random() })).toSorted((a, b) => a.at - b.at);
  await Promise.all(shuffled.map(({ act }) => act()));
};

const change = (act: ChangeEmails, ...racers: readonly Racer[]) =>
  db.transaction((tx) =>
    act(
      tx,
      caller,
      racers.map(({ id }) => id),
    ),
  );

const armed = async ({ claims }: Racer): Promise<number> => {
  const asks = claims.map((claim) => ({ ...claim, contentVersion: 1, providerId }));
  return (await arm(worker, asks, sender)).filter((answer) => answer !== undefined).length;
};

const end = ({ id, claims }: Racer, wish: Pick<SettleAsk, 'status' | 'outcome'> & Partial<SettleAsk>) =>
  settle(
    worker,
    claims.map((claim) => ({ ...ENDED, ...claim, emailId: id, ...wish })),
  );

interface Copy {
  status: string;
  paused: boolean;
  due: number;
}
const copies = async (of: Queryable, { id }: Racer): Promise<Copy[]> =>
  (
    await of.query<Copy & Record<string, unknown>>({
      name: 'spec-copies',
      text: 'select status, paused, (select count(*)::int from due where due.id = d.id) as due from deliveries d where email_id = $1',
      values: [id],
    })
  ).rows;

describe('a race at the gate', () => {
  it('of a pause is won by exactly one, and nothing is armed after the answer of the pause', async () => {
    const wins = { gate: 0, pause: 0 };
    await forEach(await claimedEmails(), async (racer) => {
      let before = 0;
      await together(
        async () => (before = await armed(racer)),
        () => change(pauseEmails, racer),
      );
      expect(await armed(racer)).toBe(0);
      const states = (await copies(db, racer)).map(({ status, due }) => `${status} ${due}`);
      expect(states.filter((state) => state === 'sending 0')).toHaveLength(before);
      expect(states.filter((state) => state === 'scheduled 0')).toHaveLength(2 - before);
      wins.gate += before;
      wins.pause += 2 - before;
    });
    expect(Math.min(wins.gate, wins.pause)).toBeGreaterThan(0); // else it was no race
  }, 60_000);

  it('of an edit is won by exactly one: nothing older than its answer is armed', async () => {
    const racers = await claimedEmails();
    const wins = { gate: 0, edit: 0 };
    await forEach(racers, async (racer) => {
      let before = 0;
      let status = 0;
      await together(
        async () => (before = await armed(racer)),
        async () => ({ status } = await api.call('PATCH', `/v1/emails/${racer.view.id}`, { subject: 'new' })),
      );
      expect([status, before]).toEqual(status === 200 ? [200, 0] : [409, 2]);
      expect(await armed(racer)).toBe(0);
      wins.gate += status === 200 ? 0 : 1;
      wins.edit += status === 200 ? 1 : 0;
    });
    expect(wins.gate + wins.edit).toBe(ROUNDS);
  }, 60_000);

  it('of a cancel of many emails at once tells the truth of each', async () => {
    const racers = await claimedEmails();
    const groups = Array.from({ length: ROUNDS / 20 }, (_, i) => racers.slice(i * 20, i * 20 + 20));
    const total = { armed: 0, cancelled: 0 };
    for (const group of groups) {
      let before: number[] = [];
      let answers: Awaited<ReturnType<ChangeEmails>> = [];
      await together(
        async () => (before = await Promise.all(group.map(armed))),
        async () => (answers = await change(cancelEmails, ...group)),
      );
      for (const [i, racer] of group.entries()) {
        const own = { kind: before[i] === 2 ? 'refused' : 'done' };
        expect(answers[i]).toMatchObject({
          ...own,
          cancellation: { cancelled: 2 - (before[i] ?? 0), inFlight: before[i] },
        });
        expect(await armed(racer)).toBe(0);
        total.armed += before[i] ?? 0;
        total.cancelled += answers[i]?.cancellation?.cancelled ?? 0;
      }
    }
    expect(total.armed + total.cancelled).toBe(ROUNDS * 2);
  }, 60_000);
});

describe('a pause', () => {
  it('that meets the end of an attempt leaves nothing to be claimed, and loses nothing', async () => {
    const racers = await claimedEmails();
    await forEach(racers, async (racer) => {
      await together(
        async () => {
          await armed(racer);
          await end(racer, { status: 'scheduled', outcome: 'temporary', delaySeconds: 0 });
          await releaseClaims(worker, racer.claims);
        },
        () => change(pauseEmails, racer),
        () => change(resumeEmails, racer),
        () => change(pauseEmails, racer),
      );
      await change(pauseEmails, racer);
      expect(await copies(db, racer)).toEqual(
        Array.from({ length: 2 }, () => ({ status: 'scheduled', paused: true, due: 0 })),
      );
    });
    expect(await claimAll()).toEqual([]); // no claim, so no loop of claims that the gate would refuse
    await forEach(racers, async (racer) => {
      await change(resumeEmails, racer);
      expect(await copies(db, racer)).toEqual(
        Array.from({ length: 2 }, () => ({ status: 'scheduled', paused: false, due: 1 })),
      );
    });
    expect(await claimAll()).toHaveLength(ROUNDS * 2);
  }, 60_000);

  it('and a resume beside a second sending leave each copy in the queue once, or out of it', async () => {
    const racers = await claimedEmails();
    await Promise.all(racers.map(armed));
    const ambiguous = { status: 'sending', outcome: 'unknown', phase: 'dot_released' } as const;
    await Promise.all(racers.map((racer) => end(racer, ambiguous)));
    await forEach(racers, (racer) =>
      together(
        () => change(pauseEmails, racer),
        () => change(resumeEmails, racer),
        () => resendHeld(worker, 10),
      ),
    );
    while ((await resendHeld(worker, 100)).length > 0);
    for (const racer of racers) {
      const states = await copies(db, racer);
      expect(states.map(({ status }) => status)).toEqual(['scheduled', 'scheduled']);
      expect(states.map(({ due }) => due)).toEqual(states.map(({ paused }) => (paused ? 0 : 1)));
    }
  }, 60_000);
});

const ENDED: Omit<SettleAsk, 'tenantId' | 'id' | 'epoch' | 'emailId' | 'status' | 'outcome'> = {
  armed: true,
  counts: true,
  delaySeconds: 0,
  holdSeconds: 0,
  reason: null,
  reply: null,
  providerId: null,
  attempt: 1,
  phase: 'reply_received',
  error: null,
  tookMs: 1,
  connectMs: null,
  envelopeMs: null,
  armMs: null,
  replyMs: null,
  event: null,
};
