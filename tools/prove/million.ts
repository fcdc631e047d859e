import { readFileSync } from 'node:fs';
import { until } from '../bench/until.js';
import { Witnessed } from './database.js';
import { csv } from './limits.js';
import type { Proof } from './proof.js';
import { progress, Stage } from './stage.js';

/** A campaign of a million is uploaded, made into copies and sent; memory does not grow with it. */
export const million: Proof = {
  name: 'million',
  about: 'upload, expansion and sending of one big campaign',
  recipients: 1_000_000,
  async run({ recipients }, undo) {
    const stage = await Stage.set(
      { name: 'million', replicas: { scheduler: 1, poller: 1, sender: 1, gateway: 1 } },
      undo,
    );
    const { api } = stage;
    const db = await Witnessed.open(stage.servers.databaseUrl);
    undo.add(() => db.stop());
    const peaks = new Map<string, number>();
    const watch = setInterval(() => notePeaks(peaks), 500);
    undo.add(async () => clearInterval(watch));
    const body = { name: 'million', subject: 'Hi', text: 'It works', pacing: { spread: 'burst' }, draft: true };
    const id = String((await api.must('POST', '/v1/campaigns', body))['id']);
    const uploadSeconds = await seconds(() =>
      api.upload(`/v1/campaigns/${id}/recipients`, 'text/csv', csv(recipients)),
    );
    progress(`uploaded in ${uploadSeconds.toFixed(1)} s`);
    await api.must('POST', `/v1/campaigns/${id}/start`);
    const expanded = 'select sum(position) as n from campaigns where not expanding';
    const expandSeconds = await seconds(() =>
      until('expanded', 1_800_000, async () => (await db.number(expanded)) >= recipients),
    );
    progress(`expanded in ${expandSeconds.toFixed(1)} s, ${await stage.arrived()} have arrived`);
    const arrivedThen = await stage.arrived();
    const drainSeconds = await seconds(() =>
      until('arrived', 7_200_000, async () => (await stage.arrived()) >= recipients),
    );
    const arrivals = await stage.arrivals();
    const doubles = arrivals.length - new Set(arrivals.map(({ deliveryId }) => deliveryId)).size;
    return {
      problems: doubles > 0 ? [`${doubles} arrived twice`] : [],
      figures: {
        recipients,
        uploadedASecond: Math.round(recipients / uploadSeconds),
        expandedASecond: Math.round(recipients / expandSeconds),
        sentASecondAfterwards: Math.round((recipients - arrivedThen) / drainSeconds),
        peakMiB: Object.fromEntries(peaks),
      },
    };
  },
};

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1_000;
}

/** The most memory that each of our children ever had resident, in MiB. */
function notePeaks(peaks: Map<string, number>): void {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  for (const pid of children) {
    try {
      const app = /apps\/(\w+)\//.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1];
      const kib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      if (app !== undefined) peaks.set(app, Math.max(peaks.get(app) ?? 0, Math.round(kib / 1_024)));
    } catch {
      // it ended meanwhile
    }
  }
}
