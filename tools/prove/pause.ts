import { setTimeout as pauseFor } from 'node:timers/promises';
import { until } from '../bench/until.js';
import { Witnessed, WRONG_COUNTERS } from './database.js';
import { csv } from './limits.js';
import type { Proof } from './proof.js';
import { progress, Stage } from './stage.js';

const SAMPLE_MS = 500;
const QUIET_MS = 3_000;

/** A campaign is paused, every process is killed, and it goes on: each recipient once, and counters that are true at every moment. */
export const pause: Proof = {
  name: 'pause',
  about: 'pause, kill of every process and resume in the middle of a campaign',
  recipients: 20_000,
  async run({ recipients }, undo) {
    const stage = await Stage.set(
      { name: 'pause', replicas: { scheduler: 1, poller: 2, sender: 2, gateway: 1 }, short: true },
      undo,
    );
    const { api } = stage;
    const db = await Witnessed.open(stage.servers.databaseUrl);
    undo.add(() => db.stop());
    const problems: string[] = [];
    const sampling = sampleCounters(db, problems);
    const body = { name: 'pause', subject: 'Hi', text: 'It works', pacing: { spread: 'burst' }, draft: true };
    const id = String((await api.must('POST', '/v1/campaigns', body))['id']);
    await api.upload(`/v1/campaigns/${id}/recipients`, 'text/csv', csv(recipients));
    await api.must('POST', `/v1/campaigns/${id}/start`);
    await until('a third has arrived', 300_000, async () => (await stage.arrived()) > recipients / 3);
    await api.must('POST', `/v1/campaigns/${id}/pause`);
    const inFlight = await db.number(`select count(*) as n from deliveries where status = 'sending'`);
    const atPause = await stage.arrived();
    progress(`paused at ${atPause}`);
    for (const { app } of stage.fleet.apps) app.signal('SIGKILL');
    await pauseFor(QUIET_MS);
    const during = (await stage.arrived()) - atPause;
    if (during > inFlight) problems.push(`${during} arrived in the pause, ${inFlight} were in flight`);
    await api.must('POST', `/v1/campaigns/${id}/resume`);
    const open = `select count(*) as n from deliveries where status in ('scheduled', 'queued', 'sending')`;
    const made = 'select count(*) as n from deliveries';
    await until(
      'every copy at its end',
      600_000,
      async () => (await db.number(made)) === recipients && (await db.number(open)) === 0,
    );
    const samples = await sampling.stop();
    const arrivals = await stage.arrivals();
    const doubles = arrivals.length - new Set(arrivals.map(({ deliveryId }) => deliveryId)).size;
    if (doubles > 0) problems.push(`${doubles} arrived twice`);
    const unknown = await db.number(`select count(*) as n from deliveries where status = 'unknown'`);
    const missed = recipients - new Set(arrivals.map(({ deliveryId }) => deliveryId)).size;
    if (missed > unknown) problems.push(`${missed} never arrived, and only ${unknown} are listed as unknown`);
    const campaign = await api.must('GET', `/v1/campaigns/${id}`);
    return {
      problems: problems.slice(0, 10),
      figures: {
        recipients,
        arrivals: arrivals.length,
        unknown,
        samples,
        duringPause: during,
        inFlight,
        counts: campaign['counts'],
      },
    };
  },
};

/** Compares the counters with the rows in one snapshot, again and again until it is stopped; answers how often. */
function sampleCounters(db: Witnessed, problems: string[]): { stop: () => Promise<number> } {
  const end = new AbortController();
  const run = async () => {
    let samples = 0;
    for (; !end.signal.aborted; samples += 1) {
      const wrong = await db.rows(WRONG_COUNTERS);
      if (wrong.length > 0) problems.push(`counters are wrong: ${JSON.stringify(wrong.slice(0, 3))}`);
      await pauseFor(SAMPLE_MS);
    }
    return samples;
  };
  const running = run();
  return {
    stop: () => {
      end.abort();
      return running;
    },
  };
}
